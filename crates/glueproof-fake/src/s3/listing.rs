//! `ListObjects` and `ListObjectsV2`: the keys of a bucket in order. Keys below a delimiter become their common prefix.
//! Must not decrypt an object.
//! [`list`] and [`list_v2`] are the entry points.

use s3s::dto::{
    ChecksumAlgorithm, CommonPrefix, ETag, EncodingType, ListObjectsInput, ListObjectsOutput,
    ListObjectsV2Input, ListObjectsV2Output, Object, ObjectStorageClass,
};

use super::bucket::owner;
use super::lookup::ObjectLocation;
use super::read_object::moment;
use super::{authorize, state};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::page_token;

/// The largest number of entries of a page (Amazon S3 API Reference, `ListObjectsV2`).
const MAX_PAGE_ENTRIES: usize = 1000;

/// The request of one page.
struct ListRequest<'a> {
    prefix: &'a str,
    delimiter: &'a str,
    /// The last entry of the page before.
    behind: &'a str,
    most: usize,
}

/// An entry of a listing.
enum ListEntry {
    Key(String, Box<Object>),
    Prefix(String),
}

/// One page.
#[derive(Default)]
struct ListPage {
    contents: Vec<Object>,
    prefixes: Vec<CommonPrefix>,
    /// The last entry, if there are more.
    next: Option<String>,
}

/// Lists with a continuation token.
pub fn list_v2(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListObjectsV2Input,
) -> Result<ListObjectsV2Output, ServiceError> {
    let (delimiter, most) = (input.delimiter.clone().unwrap_or_default(), most(input.max_keys)?);
    let place = may_list(cloud, caller, &input.bucket, input.prefix.as_ref(), &delimiter)?;
    let listing = format!("ListObjectsV2 {}", input.bucket);
    let behind = match &input.continuation_token {
        Some(token) => page_token::open(&listing, caller, token).ok_or_else(|| {
            ServiceError::with("InvalidArgument", "The continuation token provided is incorrect")
        })?,
        None => input.start_after.clone().unwrap_or_default(),
    };
    let prefix = input.prefix.clone().unwrap_or_default();
    let asked = ListRequest { prefix: &prefix, delimiter: &delimiter, behind: &behind, most };
    let mut page = page(place.bucket(cloud)?, &asked);
    if input.fetch_owner == Some(true) {
        page.contents.iter_mut().for_each(|object| object.owner = Some(owner(&place.owner)));
    }
    let encoded = |text: String| encoded(text, input.encoding_type.as_ref());
    page.encode(encoded);
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(encoded(prefix)),
        max_keys: i32::try_from(most).ok(),
        key_count: i32::try_from(page.contents.len() + page.prefixes.len()).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.map(|next| page_token::seal(&listing, caller, &next)),
        contents: Some(page.contents),
        common_prefixes: Some(page.prefixes),
        delimiter: input.delimiter.map(encoded),
        encoding_type: input.encoding_type.clone(),
        start_after: input.start_after.map(encoded),
        request_charged: None,
    })
}

/// Lists with the last key as the token.
pub fn list(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListObjectsInput,
) -> Result<ListObjectsOutput, ServiceError> {
    let (delimiter, most) = (input.delimiter.clone().unwrap_or_default(), most(input.max_keys)?);
    let place = may_list(cloud, caller, &input.bucket, input.prefix.as_ref(), &delimiter)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let marker = input.marker.clone().unwrap_or_default();
    let asked = ListRequest { prefix: &prefix, delimiter: &delimiter, behind: &marker, most };
    let mut page = page(place.bucket(cloud)?, &asked);
    page.contents.iter_mut().for_each(|object| object.owner = Some(owner(&place.owner)));
    let encoded = |text: String| encoded(text, input.encoding_type.as_ref());
    page.encode(encoded);
    let truncated = page.next.is_some();
    // Without a delimiter, clients use the last key of the page.
    let next_marker = page.next.filter(|_| !delimiter.is_empty()).map(encoded);
    Ok(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(encoded(prefix)),
        marker: Some(encoded(marker)),
        max_keys: i32::try_from(most).ok(),
        is_truncated: Some(truncated),
        contents: Some(page.contents),
        common_prefixes: Some(page.prefixes),
        delimiter: input.delimiter.map(encoded),
        next_marker,
        encoding_type: input.encoding_type.clone(),
        request_charged: None,
    })
}

fn may_list(
    cloud: &Cloud,
    caller: &Caller,
    bucket: &str,
    prefix: Option<&String>,
    delimiter: &str,
) -> Result<ObjectLocation, ServiceError> {
    let place = ObjectLocation::find(cloud, bucket, "")?;
    let delimiter = Some(delimiter.to_owned()).filter(|delimiter| !delimiter.is_empty());
    let conditions = [("s3:prefix", prefix.cloned()), ("s3:delimiter", delimiter)];
    authorize::on_bucket_with(cloud, caller, "s3:ListBucket", &place, &conditions)?;
    Ok(place)
}

/// Returns the number of entries of a page.
pub fn most(asked: Option<i32>) -> Result<usize, ServiceError> {
    let most = usize::try_from(asked.unwrap_or(1000)).map_err(|_| {
        ServiceError::with("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647")
    })?;
    Ok(most.min(MAX_PAGE_ENTRIES))
}

fn page(bucket: &state::Bucket, asked: &ListRequest<'_>) -> ListPage {
    let mut page = ListPage::default();
    let (mut count, mut last) = (0, String::new());
    for (key, object) in bucket.objects.range(asked.prefix.to_owned()..) {
        if !key.starts_with(asked.prefix) {
            break;
        }
        let entry = asked.entry(key, object);
        let name = entry.name();
        // A common prefix covers all keys below it, and a page can end among them.
        if name == last || name <= asked.behind {
            continue;
        }
        if count == asked.most {
            page.next = Some(last).filter(|_| asked.most > 0);
            break;
        }
        count += 1;
        name.clone_into(&mut last);
        match entry {
            ListEntry::Key(_, object) => page.contents.push(*object),
            ListEntry::Prefix(prefix) => page.prefixes.push(CommonPrefix { prefix: Some(prefix) }),
        }
    }
    page
}

impl ListRequest<'_> {
    fn entry(&self, key: &str, object: &state::Object) -> ListEntry {
        let below = &key[self.prefix.len()..];
        match below.find(self.delimiter).filter(|_| !self.delimiter.is_empty()) {
            Some(at) => {
                let end = self.prefix.len() + at + self.delimiter.len();
                ListEntry::Prefix(key[..end].to_owned())
            }
            None => ListEntry::Key(key.to_owned(), Box::new(shown(key, object))),
        }
    }
}

impl ListEntry {
    fn name(&self) -> &str {
        match self {
            Self::Key(name, _) | Self::Prefix(name) => name,
        }
    }
}

impl ListPage {
    fn encode(&mut self, encoded: impl Fn(String) -> String) {
        for object in &mut self.contents {
            object.key = object.key.take().map(&encoded);
        }
        for prefix in &mut self.prefixes {
            prefix.prefix = prefix.prefix.take().map(&encoded);
        }
    }
}

fn shown(key: &str, object: &state::Object) -> Object {
    let class = object.details.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
    Object {
        e_tag: Some(ETag::Strong(object.etag.clone())),
        key: Some(key.to_owned()),
        last_modified: Some(moment(object.modified)),
        size: i64::try_from(object.size).ok(),
        storage_class: Some(ObjectStorageClass::from(class)),
        // E255
        checksum_algorithm: Some(vec![ChecksumAlgorithm::from_static(object.sum.algorithm.name())]),
        checksum_type: object.sum.to_response().checksum_type,
        ..Object::default()
    }
}

/// Returns the text URL-encoded, except slashes, if the request asks for that.
pub fn encoded(text: String, encoding: Option<&EncodingType>) -> String {
    if encoding.map(EncodingType::as_str) != Some(EncodingType::URL) {
        return text;
    }
    let parts =
        text.split('/').map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>());
    parts.collect::<Vec<_>>().join("/")
}
