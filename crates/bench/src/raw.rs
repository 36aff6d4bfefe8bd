//! The denominators: the least that the bare drivers can do for the same work, on the smallest tables that could serve.

pub mod postgres;
pub mod sqlite;

/// What a finished run keeps: 220 bytes.
pub const RESULT: &str = "Open the settings, choose the account, and press the button that says reset. A letter with a link \
goes to the address of the account; the link is good for one hour. Who gets no letter can look into the spam folder first.";

#[cfg(test)]
mod tests {
    #[test]
    fn the_result_is_as_long_as_it_says() {
        assert_eq!(super::RESULT.len(), 220);
    }
}
