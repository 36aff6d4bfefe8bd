//! Reads `Retry-After`: a number of seconds or a date.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use model::Timestamp;

/// How long to stay away; `None` when the value is neither form. A date in the past means now.
pub fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let Ok(date) = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value) else {
        // The last days of the year 9999 are beyond the calendar of the parser, and beyond everybody's patience.
        return value.contains(" 9999 ").then_some(Duration::from_secs(u64::MAX));
    };
    Some(Timestamp::from_micros(date.as_microsecond()).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_dates() {
        let now = Timestamp::from_micros(784_111_777_000_000);
        let cases = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Mon, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(u64::MAX)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, seconds) in cases {
            assert_eq!(parse(value, now), seconds.map(Duration::from_secs), "{value:?}");
        }
    }
}
