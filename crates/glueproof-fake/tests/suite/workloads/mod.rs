//! The fake's Glue around the security API: the Data Catalog at rest, passwords of connections, crawlers and
//! jobs with their logs, objects and bookmarks, and the way from a private network to KMS.

mod at_rest;
mod connections;
mod crawlers;
mod endpoints;
mod faults;
mod jobs;
mod key_policy;
mod network;
mod partitions;
mod passwords;
mod support;
mod tables;
mod tags;
