//! The fake's S3 over the wire: buckets, objects, listings, uploads as SDKs send them, and encryption at rest.

mod buckets;
mod copies;
mod encrypted;
mod guard_rails;
mod listings;
mod multipart;
mod objects;
mod permissions;
mod signed_chunks;
mod support;
mod unread_members;
mod uploads;
mod versions;
