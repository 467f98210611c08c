//! MongoDB connection strings.
