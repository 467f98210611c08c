//! ARNs, Regions, Availability Zones and ids of AWS resources.
