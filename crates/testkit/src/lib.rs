//! What tests need from the outside world, brought up locally.

pub mod postgres;
pub mod provider;
pub mod site;

#[cfg(test)]
mod caller;
