//! Shows numbers as their formats do: dates, times, per cents, decimals, currencies.

use std::collections::HashMap;

use crate::calendar::civil;
use crate::xml::{Node, Xml};

/// A day, in seconds.
const DAY: f64 = 86_400.0;

/// How a number is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Format {
    /// As it is.
    #[default]
    General,
    /// With this many decimals, as per cent or not, with a currency before or after it.
    Decimals { count: usize, is_percent: bool, before: String, after: String },
    /// As a date, with the time of day or without.
    Date { has_time: bool },
    /// As a time of day.
    Time,
}

/// The formats of a workbook's cell styles, by their position.
pub fn formats(styles: &str) -> Vec<Format> {
    let mut custom: HashMap<String, Format> = HashMap::new();
    let mut formats = Vec::new();
    let mut is_in_cells = false;
    for node in Xml::new(styles) {
        match node {
            Node::Open(element) => match element.name().as_str() {
                "numFmt" => {
                    let code = element.attribute("formatCode").unwrap_or_default();
                    custom.insert(element.attribute("numFmtId").unwrap_or_default(), read(&code));
                }
                "cellXfs" => is_in_cells = true,
                "xf" if is_in_cells => {
                    let id = element.attribute("numFmtId").unwrap_or_default();
                    formats.push(custom.get(&id).cloned().unwrap_or_else(|| built_in(&id)));
                }
                _ => {}
            },
            Node::Close(name) if name == "cellXfs" => is_in_cells = false,
            _ => {}
        }
    }
    formats
}

fn built_in(id: &str) -> Format {
    let code = match id.parse().unwrap_or(0) {
        1 | 3 => "0",
        2 | 4 => "0.00",
        9 => "0%",
        10 => "0.00%",
        14..=17 => "yyyy-mm-dd",
        18..=21 | 45..=47 => "h:mm",
        22 => "yyyy-mm-dd h:mm",
        _ => return Format::General,
    };
    read(code)
}

/// What a format code such as `[$€-407]#,##0.00` asks for; of several sections the first.
fn read(code: &str) -> Format {
    let (mut signs, mut literal, mut before, mut after) = (String::new(), false, String::new(), String::new());
    let mut rest = code.chars().peekable();
    while let Some(sign) = rest.next() {
        let place = if signs.contains(['0', '#']) { &mut after } else { &mut before };
        match sign {
            '"' => literal = !literal,
            _ if literal => place.push(sign),
            ';' => break,
            '[' => {
                let inner: String = rest.by_ref().take_while(|sign| *sign != ']').collect();
                match inner.strip_prefix('$') {
                    Some(currency) => place.push_str(currency.split('-').next().unwrap_or_default()),
                    None if matches!(inner.as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") => signs.push_str(&inner),
                    None => {}
                }
            }
            '\\' | '_' | '*' => drop(rest.next()),
            '$' | '€' | '£' | '¥' => place.push(sign),
            sign => signs.push(sign.to_ascii_lowercase()),
        }
    }
    if signs.contains(['y', 'd']) {
        return Format::Date { has_time: signs.contains(['h', 's']) };
    }
    if signs.contains(['h', 's']) && !signs.contains(['0', '#']) {
        return Format::Time;
    }
    if !signs.contains('0') {
        return Format::General;
    }
    let decimals = signs.split_once('.').map_or("", |(_, decimals)| decimals);
    let count = decimals.chars().take_while(|sign| *sign == '0').count().min(15);
    let (before, after) = (before.trim().to_owned(), after.trim().to_owned());
    Format::Decimals { count, is_percent: signs.contains('%'), before, after }
}

/// The number as the format shows it.
pub fn show(text: &str, format: &Format, is_from_1904: bool) -> String {
    let Some(number) = text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && number.abs() < 1e15)
    else {
        return text.to_owned();
    };
    match format {
        Format::General => general(number),
        Format::Decimals { count, is_percent, before, after } => {
            let number = if *is_percent { number * 100.0 } else { number };
            let (sign, per_cent) = (if number < 0.0 { "-" } else { "" }, if *is_percent { "%" } else { "" });
            let digits = format!("{:.*}", count, number.abs());
            let before = if before.chars().all(char::is_alphabetic) && !before.is_empty() {
                format!("{before} ")
            } else {
                before.clone()
            };
            let after = if after.is_empty() { String::new() } else { format!(" {after}") };
            format!("{sign}{before}{digits}{per_cent}{after}")
        }
        Format::Date { has_time } => date(number, *has_time, is_from_1904).unwrap_or_else(|| general(number)),
        Format::Time => time(number.max(0.0)),
    }
}

/// Fifteen digits are what a spreadsheet keeps; the others are noise.
fn general(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[expect(clippy::cast_possible_truncation, reason = "days of this size fit")]
fn date(number: f64, has_time: bool, is_from_1904: bool) -> Option<String> {
    if !(0.0..3_000_000.0).contains(&number) {
        return None;
    }
    // Counted from the last day of 1899, with a 29 February 1900 that never was.
    let seconds = (number * DAY).round();
    let day = (seconds / DAY).floor() as i64;
    let day = if is_from_1904 { day + 1_462 } else { day + i64::from(day < 60) };
    let (year, month, date) = civil(day - 25_569);
    let text = format!("{year:04}-{month:02}-{date:02}");
    let rest = number.fract();
    Some(if has_time && rest > 0.0 { format!("{text} {}", time(rest)) } else { text })
}

#[expect(clippy::cast_possible_truncation, reason = "times of this size fit")]
fn time(number: f64) -> String {
    let seconds = (number * DAY).round() as i64;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}
