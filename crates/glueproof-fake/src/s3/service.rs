//! The implementation of `s3s::S3`: passes each input to its handler, and each output to s3s.
//! Must not decide anything.
//! [`S3Service`] is the entry point.

use bytes::Bytes;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CreateBucketInput, CreateBucketOutput,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteBucketEncryptionInput,
    DeleteBucketEncryptionOutput, DeleteBucketInput, DeleteBucketOutput, DeleteBucketPolicyInput,
    DeleteBucketPolicyOutput, DeleteBucketTaggingInput, DeleteBucketTaggingOutput, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectTaggingInput, DeleteObjectTaggingOutput, DeleteObjectsInput,
    DeleteObjectsOutput, GetBucketEncryptionInput, GetBucketEncryptionOutput, GetBucketLocationInput,
    GetBucketLocationOutput, GetBucketPolicyInput, GetBucketPolicyOutput, GetBucketPolicyStatusInput,
    GetBucketPolicyStatusOutput, GetBucketTaggingInput, GetBucketTaggingOutput, GetBucketVersioningInput,
    GetBucketVersioningOutput, GetObjectAttributesInput, GetObjectAttributesOutput, GetObjectInput,
    GetObjectOutput, GetObjectTaggingInput, GetObjectTaggingOutput, HeadBucketInput, HeadBucketOutput,
    HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsInput,
    ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output, ListPartsInput, ListPartsOutput,
    PutBucketEncryptionInput, PutBucketEncryptionOutput, PutBucketPolicyInput, PutBucketPolicyOutput,
    PutBucketTaggingInput, PutBucketTaggingOutput, PutBucketVersioningInput, PutBucketVersioningOutput,
    PutObjectInput, PutObjectOutput, PutObjectTaggingInput, PutObjectTaggingOutput, UploadPartCopyInput,
    UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result};

use super::{
    attributes, bucket, bucket_policy, error, listing, multipart, read_object, tagging, versioning,
    write_object,
};
use crate::FakeCloud;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The service for one request.
#[derive(Debug)]
pub struct S3Service {
    pub cloud: FakeCloud,
    pub caller: Caller,
    /// The body, without chunks.
    pub body: Bytes,
}

impl S3Service {
    fn call<I, O>(
        &self,
        input: I,
        handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    ) -> S3Result<S3Response<O>> {
        let output = self.cloud.with(|cloud| handler(cloud, &self.caller, input));
        output.map(S3Response::new).map_err(error::written)
    }
}

type S3Output<O> = S3Result<S3Response<O>>;

#[async_trait::async_trait]
impl S3 for S3Service {
    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Output<AbortMultipartUploadOutput> {
        self.call(request.input, multipart::abort)
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Output<CompleteMultipartUploadOutput> {
        self.call(request.input, multipart::complete)
    }

    async fn copy_object(&self, request: S3Request<CopyObjectInput>) -> S3Output<CopyObjectOutput> {
        self.call(request.input, write_object::copy)
    }

    async fn create_bucket(&self, request: S3Request<CreateBucketInput>) -> S3Output<CreateBucketOutput> {
        self.call(request.input, bucket::create)
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Output<CreateMultipartUploadOutput> {
        self.call(request.input, multipart::create)
    }

    async fn delete_bucket(&self, request: S3Request<DeleteBucketInput>) -> S3Output<DeleteBucketOutput> {
        self.call(request.input, bucket::delete)
    }

    async fn delete_bucket_encryption(
        &self,
        request: S3Request<DeleteBucketEncryptionInput>,
    ) -> S3Output<DeleteBucketEncryptionOutput> {
        self.call(request.input, bucket::delete_encryption)
    }

    async fn delete_object(&self, request: S3Request<DeleteObjectInput>) -> S3Output<DeleteObjectOutput> {
        self.call(request.input, write_object::delete)
    }

    async fn delete_objects(&self, request: S3Request<DeleteObjectsInput>) -> S3Output<DeleteObjectsOutput> {
        self.call(request.input, write_object::delete_many)
    }

    async fn get_bucket_encryption(
        &self,
        request: S3Request<GetBucketEncryptionInput>,
    ) -> S3Output<GetBucketEncryptionOutput> {
        self.call(request.input, bucket::get_encryption)
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Output<GetBucketLocationOutput> {
        self.call(request.input, bucket::location)
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Output<GetObjectOutput> {
        self.call(request.input, read_object::get)
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> S3Output<HeadBucketOutput> {
        self.call(request.input, bucket::head)
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> S3Output<HeadObjectOutput> {
        self.call(request.input, read_object::head)
    }

    async fn list_buckets(&self, request: S3Request<ListBucketsInput>) -> S3Output<ListBucketsOutput> {
        self.call(request.input, bucket::list)
    }

    async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Output<ListMultipartUploadsOutput> {
        self.call(request.input, multipart::uploads)
    }

    async fn list_objects(&self, request: S3Request<ListObjectsInput>) -> S3Output<ListObjectsOutput> {
        self.call(request.input, listing::list)
    }

    async fn list_objects_v2(&self, request: S3Request<ListObjectsV2Input>) -> S3Output<ListObjectsV2Output> {
        self.call(request.input, listing::list_v2)
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> S3Output<ListPartsOutput> {
        self.call(request.input, multipart::parts)
    }

    async fn put_bucket_encryption(
        &self,
        request: S3Request<PutBucketEncryptionInput>,
    ) -> S3Output<PutBucketEncryptionOutput> {
        self.call(request.input, bucket::put_encryption)
    }

    async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Output<PutObjectOutput> {
        self.call((request.input, self.body.clone()), write_object::put)
    }

    async fn upload_part(&self, request: S3Request<UploadPartInput>) -> S3Output<UploadPartOutput> {
        self.call((request.input, self.body.clone()), multipart::upload_part)
    }

    async fn upload_part_copy(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> S3Output<UploadPartCopyOutput> {
        self.call(request.input, multipart::upload_part_copy)
    }

    async fn put_bucket_policy(
        &self,
        request: S3Request<PutBucketPolicyInput>,
    ) -> S3Output<PutBucketPolicyOutput> {
        self.call(request.input, bucket_policy::put)
    }

    async fn get_bucket_policy(
        &self,
        request: S3Request<GetBucketPolicyInput>,
    ) -> S3Output<GetBucketPolicyOutput> {
        self.call(request.input, bucket_policy::get)
    }

    async fn get_bucket_policy_status(
        &self,
        request: S3Request<GetBucketPolicyStatusInput>,
    ) -> S3Output<GetBucketPolicyStatusOutput> {
        self.call(request.input, bucket_policy::status)
    }

    async fn delete_bucket_policy(
        &self,
        request: S3Request<DeleteBucketPolicyInput>,
    ) -> S3Output<DeleteBucketPolicyOutput> {
        self.call(request.input, bucket_policy::delete)
    }

    async fn put_bucket_tagging(
        &self,
        request: S3Request<PutBucketTaggingInput>,
    ) -> S3Output<PutBucketTaggingOutput> {
        self.call(request.input, tagging::put_bucket)
    }

    async fn get_bucket_tagging(
        &self,
        request: S3Request<GetBucketTaggingInput>,
    ) -> S3Output<GetBucketTaggingOutput> {
        self.call(request.input, tagging::get_bucket)
    }

    async fn delete_bucket_tagging(
        &self,
        request: S3Request<DeleteBucketTaggingInput>,
    ) -> S3Output<DeleteBucketTaggingOutput> {
        self.call(request.input, tagging::delete_bucket)
    }

    async fn put_object_tagging(
        &self,
        request: S3Request<PutObjectTaggingInput>,
    ) -> S3Output<PutObjectTaggingOutput> {
        self.call(request.input, tagging::put_object)
    }

    async fn get_object_tagging(
        &self,
        request: S3Request<GetObjectTaggingInput>,
    ) -> S3Output<GetObjectTaggingOutput> {
        self.call(request.input, tagging::get_object)
    }

    async fn delete_object_tagging(
        &self,
        request: S3Request<DeleteObjectTaggingInput>,
    ) -> S3Output<DeleteObjectTaggingOutput> {
        self.call(request.input, tagging::delete_object)
    }

    async fn get_object_attributes(
        &self,
        request: S3Request<GetObjectAttributesInput>,
    ) -> S3Output<GetObjectAttributesOutput> {
        self.call(request.input, attributes::get)
    }

    async fn put_bucket_versioning(
        &self,
        request: S3Request<PutBucketVersioningInput>,
    ) -> S3Output<PutBucketVersioningOutput> {
        self.call(request.input, versioning::put)
    }

    async fn get_bucket_versioning(
        &self,
        request: S3Request<GetBucketVersioningInput>,
    ) -> S3Output<GetBucketVersioningOutput> {
        self.call(request.input, versioning::get)
    }

    async fn list_object_versions(
        &self,
        request: S3Request<ListObjectVersionsInput>,
    ) -> S3Output<ListObjectVersionsOutput> {
        self.call(request.input, versioning::list)
    }
}
