//! What tests need from the outside world, brought up locally.

pub mod postgres;
pub mod site;
