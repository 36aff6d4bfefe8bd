//! Which rows a query wants, and in which order.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::item::Item;

/// The order of a query's rows: the first sort, and by making where that leaves it open.
pub(super) struct Order {
    by: Key,
    is_ascending: bool,
}

#[derive(Clone, Copy)]
enum Key {
    Making,
    Created,
    Edited,
    Title,
}

impl Order {
    pub fn read(sorts: &Value) -> Result<Self, String> {
        let Some(sort) = sorts.as_array().and_then(|sorts| sorts.first()) else {
            return Ok(Self { by: Key::Making, is_ascending: true });
        };
        let by = match (sort["timestamp"].as_str(), sort["property"].as_str()) {
            (Some("created_time"), None) => Key::Created,
            (Some("last_edited_time"), None) => Key::Edited,
            (None, Some("Name" | "title")) => Key::Title,
            _ => return Err(format!("body.sorts[0] is not known to this service: {sort}")),
        };
        match sort["direction"].as_str() {
            Some(direction @ ("ascending" | "descending")) => Ok(Self { by, is_ascending: direction == "ascending" }),
            _ => Err("body.sorts[0].direction should be `\"ascending\"` or `\"descending\"`.".to_owned()),
        }
    }

    /// Sorts rows that are in the order of making.
    pub fn sort(&self, rows: &mut [&Item]) {
        match self.by {
            Key::Making => {}
            Key::Created => rows.sort_by_key(|row| minute(row.created)),
            Key::Edited => rows.sort_by_key(|row| minute(row.edited)),
            Key::Title => rows.sort_by(|one, other| one.title.cmp(&other.title)),
        }
        if !self.is_ascending {
            rows.reverse();
        }
    }
}

/// Whether a row passes a filter of times and titles; an error says what is wrong with the filter.
pub(super) fn fits(filter: &Value, row: &Item) -> Result<bool, String> {
    if filter.is_null() {
        return Ok(true);
    }
    if let Some(parts) = filter["and"].as_array() {
        return parts.iter().try_fold(true, |fits_so_far, part| Ok(fits(part, row)? && fits_so_far));
    }
    if let Some(parts) = filter["or"].as_array() {
        return parts.iter().try_fold(false, |fits_so_far, part| Ok(fits(part, row)? || fits_so_far));
    }
    match filter["timestamp"].as_str() {
        Some("created_time") => fits_time(&filter["created_time"], row.created),
        Some("last_edited_time") => fits_time(&filter["last_edited_time"], row.edited),
        _ => fits_title(filter, row),
    }
}

fn fits_title(filter: &Value, row: &Item) -> Result<bool, String> {
    let condition = Some(&filter["title"]).filter(|value| value.is_object()).unwrap_or(&filter["rich_text"]);
    match (filter["property"].as_str(), condition["equals"].as_str(), condition["contains"].as_str()) {
        (Some("Name" | "title"), Some(text), None) => Ok(row.title == text),
        (Some("Name" | "title"), None, Some(text)) => Ok(row.title.to_lowercase().contains(&text.to_lowercase())),
        _ => Err(format!("body.filter is not known to this service: {filter}")),
    }
}

fn fits_time(condition: &Value, instant: Timestamp) -> Result<bool, String> {
    let conditions = condition.as_object().filter(|conditions| conditions.len() == 1);
    let wrong = || format!("body.filter should have one condition on a time, instead was {condition}");
    let (name, value) = conditions.and_then(|conditions| conditions.iter().next()).ok_or_else(wrong)?;
    let (start, end) = span(value.as_str().unwrap_or_default()).ok_or_else(wrong)?;
    let instant = minute(instant);
    match name.as_str() {
        "equals" => Ok((start..=end).contains(&instant)),
        "before" => Ok(instant < start),
        "after" => Ok(instant > end),
        "on_or_before" => Ok(instant <= end),
        "on_or_after" => Ok(instant >= start),
        _ => Err(wrong()),
    }
}

/// The first and the last instant of a day, or twice the same instant.
fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some((instant, instant));
    }
    let day: Date = text.parse().ok()?;
    let start = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    let end = TimeZone::UTC.to_timestamp(day.tomorrow().ok()?.at(0, 0, 0, 0)).ok()?;
    Some((start, end - std::time::Duration::from_nanos(1)))
}

/// Times are as fine as a minute.
fn minute(instant: Timestamp) -> Timestamp {
    let seconds = instant.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(60)).expect("it lies near a real instant")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::super::item::{Kind, Parent};
    use super::*;

    fn row() -> Item {
        let mut row = Item::new(Kind::Page, Parent::Source(Uuid::nil()), "Refunds");
        (row.created, row.edited) = ("2026-01-05T09:00:42Z".parse().unwrap(), "2026-01-06T10:30:00Z".parse().unwrap());
        row
    }

    #[test]
    fn filters_of_times_and_titles() {
        let created = |condition: Value| json!({"timestamp": "created_time", "created_time": condition});
        let edited = |condition: Value| json!({"timestamp": "last_edited_time", "last_edited_time": condition});
        let cases = [
            (Value::Null, Ok(true)),
            (created(json!({"on_or_after": "2026-01-05T09:00:00.000Z"})), Ok(true)),
            (created(json!({"after": "2026-01-05T09:00:00.000Z"})), Ok(false)),
            (created(json!({"before": "2026-01-05T09:00:30Z"})), Ok(true)),
            (created(json!({"equals": "2026-01-05"})), Ok(true)),
            (created(json!({"on_or_before": "2026-01-05"})), Ok(true)),
            (created(json!({"after": "2026-01-05"})), Ok(false)),
            (created(json!({"before": "2026-01-05"})), Ok(false)),
            (edited(json!({"after": "2026-01-05"})), Ok(true)),
            (edited(json!({"after": "yesterday"})), Err(())),
            (edited(json!({"after": "2026-01-05", "before": "2026-01-09"})), Err(())),
            (json!({"property": "Name", "title": {"equals": "Refunds"}}), Ok(true)),
            (json!({"property": "Name", "rich_text": {"contains": "fund"}}), Ok(true)),
            (json!({"property": "Points", "number": {"equals": 1}}), Err(())),
            (
                json!({"and": [created(json!({"after": "2026-01-04"})), edited(json!({"before": "2026-01-06"}))]}),
                Ok(false),
            ),
            (
                json!({"or": [created(json!({"after": "2026-01-04"})), edited(json!({"before": "2026-01-06"}))]}),
                Ok(true),
            ),
        ];
        for (filter, expected) in cases {
            assert_eq!(fits(&filter, &row()).map_err(|_| ()), expected, "{filter}");
        }
    }
}
