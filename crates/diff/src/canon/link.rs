//! One form for addresses that lead to the same page.

/// Parameters that say who comes from where, or who one is, and not what is shown.
const PASSING: [&str; 29] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "aspsessionid",
    "cfid",
    "cftoken",
    "dclid",
    "expires",
    "fbclid",
    "gbraid",
    "gclid",
    "igshid",
    "jsessionid",
    "key-pair-id",
    "mc_cid",
    "mc_eid",
    "msclkid",
    "phpsessid",
    "session",
    "session_id",
    "sessionid",
    "sid",
    "signature",
    "twclid",
    "wbraid",
    "yclid",
    "_openstat",
    "asp.net_sessionid",
];
/// Whole families of them: campaigns, and addresses signed for an hour.
const FAMILIES: [&str; 4] = ["utm_", "x-amz-", "x-goog-", "pk_"];

/// An address without its protocol, session and tracking parameters.
pub fn canonical(address: &str) -> String {
    let (rest, fragment) = cut(address.trim(), '#');
    let (rest, query) = cut(rest, '?');
    let bare = ["https://", "http://"].iter().find_map(|scheme| without_prefix(rest, scheme));
    let mut out = String::with_capacity(address.len());
    match bare {
        Some(bare) => {
            let (host, path) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
            out.push_str("//");
            out.push_str(&host.to_ascii_lowercase());
            push_path(path, &mut out);
        }
        None => push_path(rest, &mut out),
    }
    let mut sign = '?';
    for parameter in
        query.unwrap_or_default().split('&').filter(|parameter| !parameter.is_empty() && !is_passing(parameter))
    {
        out.push(sign);
        out.push_str(parameter);
        sign = '&';
    }
    if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// Some servers keep the session in the path: `/terms;jsessionid=1A2B`.
fn push_path(path: &str, out: &mut String) {
    for (at, part) in path.split('/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        let (name, parameter) = cut(part, ';');
        let has_session = parameter.is_some_and(is_passing);
        out.push_str(if has_session { name } else { part });
    }
}

fn is_passing(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    let name = name.strip_prefix("amp;").unwrap_or(&name);
    PASSING.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_says_which_page_it_is() {
        let cases = [
            ("https://A.example/Terms?id=7&utm_source=x#fees", "//a.example/Terms?id=7#fees"),
            ("http://a.example?gclid=1", "//a.example"),
            ("https://a.example/t;jsessionid=1A/x;v=2", "//a.example/t/x;v=2"),
            ("/terms?PHPSESSID=1&amp;sid=2&b", "/terms?b"),
            ("mailto:help@a.example", "mailto:help@a.example"),
            ("#fees", "#fees"),
            ("https://s3.example/p.png?X-Amz-Date=1&X-Amz-Signature=aa", "//s3.example/p.png"),
            ("é", "é"),
        ];
        for (address, expected) in cases {
            assert_eq!(canonical(address), expected, "{address:?}");
        }
    }
}
