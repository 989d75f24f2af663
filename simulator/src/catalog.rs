//! What Fly sells and where: virtual machine sizes and regions. The same for every story.

/// A size of a virtual machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VmSize {
    /// Its name.
    pub name: &'static str,
    /// `shared` or `performance`.
    pub cpu_kind: &'static str,
    /// How many processors it has.
    pub cpus: i32,
    /// Processor share in GraphQL's terms.
    pub cores: f64,
    /// Memory in megabytes.
    pub memory_mb: i32,
    /// Most memory it can have, in megabytes.
    pub max_memory_mb: i32,
    /// Price of a month in US dollars; about right, for the picture only.
    pub price_month: f64,
}

/// The sizes, smallest first.
pub const VM_SIZES: [VmSize; 4] = [
    shared("shared-cpu-1x", 1, 256, 1.94),
    shared("shared-cpu-2x", 2, 512, 3.89),
    shared("shared-cpu-4x", 4, 1024, 7.78),
    VmSize {
        name: "performance-1x",
        cpu_kind: "performance",
        cpus: 1,
        cores: 1.0,
        memory_mb: 2048,
        max_memory_mb: 8192,
        price_month: 31.0,
    },
];

const fn shared(name: &'static str, cpus: i32, memory_mb: i32, price_month: f64) -> VmSize {
    VmSize {
        name,
        cpu_kind: "shared",
        cpus,
        cores: 0.0625 * cpus as f64,
        memory_mb,
        max_memory_mb: 2048 * cpus,
        price_month,
    }
}

/// The size of this name.
pub fn vm_size(name: &str) -> Option<&'static VmSize> {
    VM_SIZES.iter().find(|size| size.name == name)
}

/// The names of all sizes.
pub fn vm_size_names() -> Vec<&'static str> {
    VM_SIZES.iter().map(|size| size.name).collect()
}

/// A region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Three letters.
    pub code: &'static str,
    /// The name people read.
    pub name: &'static str,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Where on Earth, as the Machines API groups them.
    pub area: &'static str,
}

/// The regions that stories use, and some more.
pub const REGIONS: [Region; 12] = [
    region("ams", "Amsterdam, Netherlands", 52.37, 4.90, "Europe"),
    region("arn", "Stockholm, Sweden", 59.65, 17.92, "Europe"),
    region("cdg", "Paris, France", 48.86, 2.35, "Europe"),
    region("dfw", "Dallas, Texas (US)", 32.78, -96.81, "North America"),
    region("fra", "Frankfurt, Germany", 50.12, 8.68, "Europe"),
    region("gru", "Sao Paulo, Brazil", -23.55, -46.63, "South America"),
    region("iad", "Ashburn, Virginia (US)", 39.02, -77.54, "North America"),
    region("lhr", "London, United Kingdom", 51.52, -0.14, "Europe"),
    region("nrt", "Tokyo, Japan", 35.62, 139.78, "Asia Pacific"),
    region("ord", "Chicago, Illinois (US)", 41.89, -87.62, "North America"),
    region("sjc", "San Jose, California (US)", 37.35, -121.89, "North America"),
    region("syd", "Sydney, Australia", -33.87, 151.21, "Oceania"),
];

/// The region that answers requests (`requestRegion`, `nearest`).
pub const NEAREST: &str = "ams";

const fn region(
    code: &'static str,
    name: &'static str,
    latitude: f64,
    longitude: f64,
    area: &'static str,
) -> Region {
    Region { code, name, latitude, longitude, area }
}
