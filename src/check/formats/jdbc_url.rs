//! JDBC URLs, per engine.
