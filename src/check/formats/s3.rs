//! S3 locations: `s3://bucket/key`.
