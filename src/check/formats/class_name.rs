//! Java class names.
