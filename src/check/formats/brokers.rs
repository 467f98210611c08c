//! Lists of Kafka brokers.
