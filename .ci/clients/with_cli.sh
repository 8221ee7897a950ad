#!/usr/bin/env bash
# Uses the fake cloud from a shell, through the AWS CLI that is the first argument. The endpoint is taken from
# AWS_ENDPOINT_URL and credentials from the environment, as the CLI itself takes them.
set -euo pipefail
aws=$1
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

wanted() { # wanted WHAT GOT
    if [ "$1" != "$2" ]; then
        echo "expected \`$1\`, got \`$2\`"
        exit 1
    fi
}

refused() { # refused CODE ARGUMENTS…
    local code=$1
    shift
    if "$aws" "$@" >"$room/out" 2>"$room/err"; then
        echo "aws $* was accepted"
        exit 1
    fi
    grep -q "($code)" "$room/err" || { cat "$room/err"; exit 1; }
}

account=$("$aws" sts get-caller-identity --query Account --output text)

# Keys.
key=$("$aws" kms create-key --query KeyMetadata.Arn --output text)
"$aws" kms create-alias --alias-name alias/cli --target-key-id "$key"
printf sesame >"$room/plain"
"$aws" kms encrypt --key-id alias/cli --plaintext "fileb://$room/plain" --query CiphertextBlob --output text |
    base64 -d >"$room/sealed"
wanted sesame "$("$aws" kms decrypt --ciphertext-blob "fileb://$room/sealed" --query Plaintext --output text | base64 -d)"

# Security configurations, all pages of them.
for number in 1 2 3; do
    "$aws" glue create-security-configuration --name "cli-$number" --encryption-configuration \
        "S3Encryption=[{S3EncryptionMode=SSE-KMS,KmsKeyArn=$key}],CloudWatchEncryption={CloudWatchEncryptionMode=DISABLED}" \
        >/dev/null
done
wanted 3 "$("$aws" glue get-security-configurations --max-items 10 --page-size 2 --query 'length(SecurityConfigurations)')"
refused AlreadyExistsException glue create-security-configuration --name cli-1 --encryption-configuration '{}'

# The resource policy.
"$aws" glue put-resource-policy --policy-in-json "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",
    \"Principal\":{\"AWS\":\"arn:aws:iam::$account:root\"},\"Action\":\"glue:GetTables\",
    \"Resource\":\"arn:aws:glue:us-east-1:$account:*\"}]}" >/dev/null
refused ConditionCheckFailureException glue delete-resource-policy --policy-hash-condition bm90IHRoaXMgb25lLiBub3Q=
"$aws" glue delete-resource-policy
refused EntityNotFoundException glue get-resource-policy

# A password that is encrypted in the answer, and hidden.
"$aws" glue put-data-catalog-encryption-settings --data-catalog-encryption-settings \
    "EncryptionAtRest={CatalogEncryptionMode=DISABLED},ConnectionPasswordEncryption={ReturnConnectionPasswordEncrypted=true,AwsKmsKeyId=$key}"
"$aws" glue create-connection --connection-input \
    '{"Name":"cli","ConnectionType":"JDBC","ConnectionProperties":{"JDBC_CONNECTION_URL":"jdbc:x","USERNAME":"u","PASSWORD":"open-sesame"}}' \
    >/dev/null
"$aws" glue get-connection --name cli --query Connection.ConnectionProperties.ENCRYPTED_PASSWORD --output text |
    base64 -d >"$room/sealed"
wanted open-sesame "$("$aws" kms decrypt --ciphertext-blob "fileb://$room/sealed" --query Plaintext --output text | base64 -d)"
wanted None "$("$aws" glue get-connection --name cli --hide-password \
    --query Connection.ConnectionProperties.ENCRYPTED_PASSWORD --output text)"

# Objects and logs.
"$aws" s3 mb s3://cli-bucket >/dev/null
"$aws" s3 cp "$room/plain" s3://cli-bucket/plain --sse aws:kms --sse-kms-key-id "$key" >/dev/null
wanted "aws:kms" "$("$aws" s3api head-object --bucket cli-bucket --key plain --query ServerSideEncryption --output text)"
wanted sesame "$("$aws" s3 cp s3://cli-bucket/plain -)"
head -c 20000000 /dev/zero >"$room/large"
"$aws" s3 cp "$room/large" s3://cli-bucket/large --only-show-errors
wanted 20000000 "$("$aws" s3api head-object --bucket cli-bucket --key large --query ContentLength)"
"$aws" s3 rb s3://cli-bucket --force >/dev/null
"$aws" logs create-log-group --log-group-name /cli
"$aws" logs create-log-stream --log-group-name /cli --log-stream-name s
"$aws" logs put-log-events --log-group-name /cli --log-stream-name s \
    --log-events "timestamp=$(date +%s)000,message=hello" >/dev/null
wanted hello "$("$aws" logs get-log-events --log-group-name /cli --log-stream-name s --query 'events[0].message' --output text)"
refused AccessDeniedException logs associate-kms-key --log-group-name /cli --kms-key-id "$key"
"$aws" logs delete-log-group --log-group-name /cli

# For the clients after this one.
"$aws" glue delete-connection --connection-name cli
"$aws" glue put-data-catalog-encryption-settings --data-catalog-encryption-settings \
    'EncryptionAtRest={CatalogEncryptionMode=DISABLED},ConnectionPasswordEncryption={ReturnConnectionPasswordEncrypted=false}'
for number in 1 2 3; do "$aws" glue delete-security-configuration --name "cli-$number"; done
"$aws" kms delete-alias --alias-name alias/cli
"$aws" kms schedule-key-deletion --key-id "$key" --pending-window-in-days 7 >/dev/null
echo "$("$aws" --version 2>&1 | cut -d' ' -f1) works"
