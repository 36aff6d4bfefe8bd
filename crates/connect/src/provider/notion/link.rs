//! Links in Markdown, and which of them last. Pure.

use url::Url;

/// Words in the query of an address that is good for a while only.
const SIGNED: [&str; 6] = ["x-amz-", "signature=", "expires=", "expirationtimestamp=", "policy=", "token="];

/// A link with a label, which is Markdown already. What is no address of the web is its label alone.
pub fn link(label: &str, address: &str) -> String {
    let label = label.trim();
    if !is_web(address) {
        return label.to_owned();
    }
    let target = address.replace('<', "%3C").replace('>', "%3E").replace(['\n', '\r'], "");
    match label {
        "" => format!("<{}>", target.replace(' ', "%20")),
        _ if target.contains([' ', '(', ')']) => format!("[{label}](<{target}>)"),
        _ => format!("[{label}]({target})"),
    }
}

/// A file: a link where its address lasts, else its caption or its name.
pub fn file(caption: &str, address: &str) -> String {
    let name = || name_in(address).unwrap_or_default();
    let label = if caption.trim().is_empty() { name() } else { caption.trim().to_owned() };
    if lasts(address) { link(&label, address) } else { label }
}

/// A picture: where its address does not last, its caption alone.
pub fn picture(caption: &str, address: &str) -> String {
    let is_plain = is_web(address) && !address.contains([' ', '(', ')', '<', '>', '\n']);
    if is_plain && lasts(address) { format!("![{}]({address})", caption.trim()) } else { caption.trim().to_owned() }
}

/// Whether an address is of the web, and not signed for a while.
fn lasts(address: &str) -> bool {
    let query = Url::parse(address).ok().and_then(|url| url.query().map(str::to_ascii_lowercase)).unwrap_or_default();
    is_web(address) && !SIGNED.iter().any(|word| query.contains(word))
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// The name of the file that an address ends in.
fn name_in(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let last = url.path_segments()?.next_back()?.replace('+', "%2B");
    let (name, _) = url::form_urlencoded::parse(last.as_bytes()).next()?;
    Some(name.replace(['[', ']', '<', '>', '\n'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_last_are_kept() {
        let signed = "https://prod-files-secure.s3.us-west-2.amazonaws.com/a/b/My%20plan.pdf?X-Amz-Expires=3600&X-Amz-Signature=ab";
        let cases = [
            (file("The plan", "https://example.com/plan.pdf"), "[The plan](https://example.com/plan.pdf)"),
            (file("", "https://example.com/plan.pdf"), "[plan.pdf](https://example.com/plan.pdf)"),
            (file("The plan", signed), "The plan"),
            (file("", signed), "My plan.pdf"),
            (file("x", "javascript:alert(1)"), "x"),
            (picture("A cat", "https://example.com/cat.png"), "![A cat](https://example.com/cat.png)"),
            (picture("A cat", signed), "A cat"),
            (picture("", signed), ""),
            (link("", "https://example.com/a b"), "<https://example.com/a%20b>"),
            (link("a", "https://example.com/(x)"), "[a](<https://example.com/(x)>)"),
            (link("Ada", "user://12"), "Ada"),
        ];
        for (written, expected) in cases {
            assert_eq!(written, expected);
        }
    }
}
