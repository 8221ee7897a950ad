// Uses the fake cloud through the AWS SDK for JavaScript v3. The endpoint is the only argument; credentials come
// from the environment. The modules are looked for beside the working directory.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const G = require("@aws-sdk/client-glue");
const K = require("@aws-sdk/client-kms");
const L = require("@aws-sdk/client-cloudwatch-logs");
const S = require("@aws-sdk/client-s3");

const config = { endpoint: process.argv[2], region: "us-east-1" };
const glue = new G.GlueClient(config);
const kms = new K.KMSClient(config);
const logs = new L.CloudWatchLogsClient(config);
const s3 = new S.S3Client({ ...config, forcePathStyle: true });
const text = (bytes) => Buffer.from(bytes).toString();

async function keys() {
  const { KeyMetadata } = await kms.send(new K.CreateKeyCommand({}));
  const context = { for: "javascript" };
  const sealed = await kms.send(
    new K.EncryptCommand({ KeyId: KeyMetadata.KeyId, Plaintext: Buffer.from("sesame"), EncryptionContext: context }),
  );
  const CiphertextBlob = sealed.CiphertextBlob;
  const opened = await kms.send(new K.DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  assert.equal(text(opened.Plaintext), "sesame");
  await assert.rejects(kms.send(new K.DecryptCommand({ CiphertextBlob })), K.InvalidCiphertextException);
  CiphertextBlob[CiphertextBlob.length - 1] ^= 1;
  await assert.rejects(
    kms.send(new K.DecryptCommand({ CiphertextBlob, EncryptionContext: context })),
    K.InvalidCiphertextException,
  );
  return KeyMetadata.Arn;
}

async function securityConfigurations(key) {
  for (const Name of ["js-1", "js-2", "js-3"]) {
    const made = await glue.send(
      new G.CreateSecurityConfigurationCommand({
        Name,
        EncryptionConfiguration: { S3Encryption: [{ S3EncryptionMode: "SSE-KMS", KmsKeyArn: key }] },
      }),
    );
    assert.ok(made.CreatedTimestamp instanceof Date);
  }
  const names = [];
  for await (const page of G.paginateGetSecurityConfigurations({ client: glue, pageSize: 2 }, {})) {
    names.push(...page.SecurityConfigurations.map((one) => one.Name));
  }
  assert.deepEqual(names.sort(), ["js-1", "js-2", "js-3"]);
  await assert.rejects(
    glue.send(new G.CreateSecurityConfigurationCommand({ Name: "js-1", EncryptionConfiguration: {} })),
    G.AlreadyExistsException,
  );
  for (const Name of names) await glue.send(new G.DeleteSecurityConfigurationCommand({ Name }));
  await assert.rejects(
    glue.send(new G.GetSecurityConfigurationCommand({ Name: "js-1" })),
    G.EntityNotFoundException,
  );
}

async function passwords(key) {
  const settings = (ReturnConnectionPasswordEncrypted, AwsKmsKeyId) =>
    glue.send(
      new G.PutDataCatalogEncryptionSettingsCommand({
        DataCatalogEncryptionSettings: {
          EncryptionAtRest: { CatalogEncryptionMode: "DISABLED" },
          ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted, AwsKmsKeyId },
        },
      }),
    );
  await settings(true, key);
  const ConnectionProperties = { JDBC_CONNECTION_URL: "jdbc:x", USERNAME: "u", PASSWORD: "open-sesame" };
  const ConnectionInput = { Name: "js", ConnectionType: "JDBC", ConnectionProperties };
  await glue.send(new G.CreateConnectionCommand({ ConnectionInput }));
  const { Connection } = await glue.send(new G.GetConnectionCommand({ Name: "js" }));
  const sealed = Connection.ConnectionProperties.ENCRYPTED_PASSWORD;
  assert.ok(!("PASSWORD" in Connection.ConnectionProperties));
  const opened = await kms.send(new K.DecryptCommand({ CiphertextBlob: Buffer.from(sealed, "base64") }));
  assert.equal(text(opened.Plaintext), "open-sesame");
  await glue.send(new G.DeleteConnectionCommand({ ConnectionName: "js" }));
  await settings(false);
}

async function logEvents() {
  const logGroupName = "/js";
  const logStreamName = "s";
  await logs.send(new L.CreateLogGroupCommand({ logGroupName }));
  await logs.send(new L.CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = ["one", "two"].map((message, index) => ({ timestamp: Date.now() + index, message }));
  await logs.send(new L.PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const { events } = await logs.send(new L.GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }));
  assert.deepEqual(events.map((event) => event.message), ["one", "two"]);
  const found = await logs.send(new L.FilterLogEventsCommand({ logGroupName, filterPattern: "two" }));
  assert.equal(found.events.length, 1);
  await logs.send(new L.DeleteLogGroupCommand({ logGroupName }));
  await assert.rejects(
    logs.send(new L.DescribeLogStreamsCommand({ logGroupName })),
    L.ResourceNotFoundException,
  );
}

async function objects(key) {
  const Bucket = "js-bucket";
  await s3.send(new S.CreateBucketCommand({ Bucket }));
  await s3.send(
    new S.PutObjectCommand({ Bucket, Key: "ä b/c", Body: "sesame", ServerSideEncryption: "aws:kms", SSEKMSKeyId: key }),
  );
  const got = await s3.send(new S.GetObjectCommand({ Bucket, Key: "ä b/c" }));
  assert.equal(got.SSEKMSKeyId, key);
  assert.equal(await got.Body.transformToString(), "sesame");
  const listed = await s3.send(new S.ListObjectsV2Command({ Bucket }));
  assert.deepEqual(listed.Contents.map((item) => item.Key), ["ä b/c"]);
  await kms.send(new K.DisableKeyCommand({ KeyId: key }));
  await assert.rejects(s3.send(new S.GetObjectCommand({ Bucket, Key: "ä b/c" })), { name: "KMS.DisabledException" });
  await kms.send(new K.EnableKeyCommand({ KeyId: key }));
  await s3.send(new S.DeleteObjectCommand({ Bucket, Key: "ä b/c" }));
  await assert.rejects(s3.send(new S.GetObjectCommand({ Bucket, Key: "ä b/c" })), S.NoSuchKey);
  await s3.send(new S.DeleteBucketCommand({ Bucket }));
}

const key = await keys();
await securityConfigurations(key);
await passwords(key);
await logEvents();
await objects(key);
await kms.send(new K.ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }));
console.log(`AWS SDK for JavaScript ${require("@aws-sdk/client-glue/package.json").version} works`);
