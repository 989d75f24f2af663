//! Regions and sizes.

use async_graphql::Object;

use crate::catalog::{self, Region, VmSize};

/// What Fly sells and where.
pub(super) struct FlyPlatform;

#[Object(name = "FlyPlatform")]
impl FlyPlatform {
    async fn regions(&self) -> Vec<RegionNode> {
        catalog::REGIONS.into_iter().map(RegionNode).collect()
    }
    async fn request_region(&self) -> Option<&str> {
        Some(catalog::NEAREST)
    }
    async fn vm_sizes(&self) -> Vec<VmSizeNode> {
        catalog::VM_SIZES.into_iter().map(VmSizeNode).collect()
    }
}

/// A region.
pub(super) struct RegionNode(pub(super) Region);

impl RegionNode {
    pub(super) fn of(code: &str) -> Option<Self> {
        catalog::REGIONS.into_iter().find(|region| region.code == code).map(Self)
    }
}

#[Object(name = "Region")]
impl RegionNode {
    async fn code(&self) -> &str {
        self.0.code
    }
    async fn deprecated(&self) -> bool {
        false
    }
    async fn gateway_available(&self) -> bool {
        true
    }
    async fn latitude(&self) -> Option<f64> {
        Some(self.0.latitude)
    }
    async fn longitude(&self) -> Option<f64> {
        Some(self.0.longitude)
    }
    async fn name(&self) -> &str {
        self.0.name
    }
    async fn requires_paid_plan(&self) -> bool {
        false
    }
}

/// A size of a virtual machine.
pub(super) struct VmSizeNode(pub(super) VmSize);

#[Object(name = "VMSize")]
impl VmSizeNode {
    async fn cpu_cores(&self) -> f64 {
        self.0.cores
    }
    async fn max_memory_mb(&self) -> i32 {
        self.0.max_memory_mb
    }
    async fn memory_gb(&self) -> f64 {
        f64::from(self.0.memory_mb) / 1024.0
    }
    async fn memory_increments_mb(&self) -> Vec<i32> {
        let doubled = std::iter::successors(Some(self.0.memory_mb), |memory| Some(memory * 2));
        doubled.take_while(|memory| *memory <= self.0.max_memory_mb).collect()
    }
    async fn memory_mb(&self) -> i32 {
        self.0.memory_mb
    }
    async fn name(&self) -> &str {
        self.0.name
    }
    async fn price_month(&self) -> f64 {
        self.0.price_month
    }
    async fn price_second(&self) -> f64 {
        self.0.price_month / (30.0 * 24.0 * 3600.0)
    }
}

/// A process group.
pub(super) struct ProcessGroupNode {
    pub(super) name: String,
    pub(super) regions: Vec<String>,
    pub(super) size: VmSize,
}

#[Object(name = "ProcessGroup")]
impl ProcessGroupNode {
    /// 0 where nobody set a limit.
    async fn max_per_region(&self) -> i32 {
        0
    }
    async fn name(&self) -> &str {
        &self.name
    }
    async fn regions(&self) -> &[String] {
        &self.regions
    }
    async fn vm_size(&self) -> VmSizeNode {
        VmSizeNode(self.size)
    }
}
