//! Crashes, cuts and freezes for the queue, staged with real processes, and a checker that knows only what anybody outside can see.

pub mod chance;
pub mod checker;
pub mod client;
pub mod connection;
pub mod crew;
pub mod evidence;
pub mod extent;
pub mod ground;
pub mod network;
pub mod outcome;
pub mod process;
pub mod scenario;
pub mod volume;
pub mod witness;

pub use extent::Extent;
pub use outcome::{Outcome, Verdict};
pub use scenario::{SCENARIOS, Scenario};
