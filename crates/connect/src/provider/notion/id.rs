//! Ids of Notion: 32 hexadecimal digits, with dashes or without, alone or at the end of an address.

use url::Url;

/// The form that the interface gives: lower case, with dashes. `None` where the text is no id.
pub fn canonical(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().filter(|&letter| letter != '-').collect();
    let is_id = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| {
        let digits = digits.to_ascii_lowercase();
        [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
    })
}

/// The id of what an address of Notion leads to: of the block in its fragment, or else of the page in its path. The host does
/// not matter: it was `www.notion.so` and `*.notion.site`, and is `app.notion.com` since 2026.
pub fn of_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    if let Some(block) = url.fragment().and_then(canonical) {
        return Some(block);
    }
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?;
    let tail = |length: usize| last.len().checked_sub(length).and_then(|start| last.get(start..)).and_then(canonical);
    tail(36).or_else(|| tail(32))
}

/// The address of a page or a database of which only the id is known.
pub fn address(id: &str) -> String {
    format!("https://www.notion.so/{}", id.replace('-', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "954b67f9-3f87-41db-8874-23b92bbd31ee";

    #[test]
    fn ids_have_one_form() {
        let cases = [
            (ID, Some(ID)),
            ("954B67F93F8741DB887423B92BBD31EE", Some(ID)),
            (" 954b67f93f8741db887423b92bbd31ee\n", Some(ID)),
            ("954b67f93f8741db887423b92bbd31e", None),
            ("954b67f93f8741db887423b92bbd31eg", None),
            ("../users/me", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(canonical(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn an_address_tells_its_id_whatever_the_host() {
        let block = "3cbc16ec-c9ae-80af-92b8-ef7532b95d58";
        let cases = [
            ("https://www.notion.so/Tuscan-kale-954b67f93f8741db887423b92bbd31ee", Some(ID)),
            (
                "https://www.notion.so/acme/Tuscan-kale-954b67f93f8741db887423b92bbd31ee?v=0a0b0c0d0e0f00112233445566778899",
                Some(ID),
            ),
            ("https://app.notion.com/p/954b67f93f8741db887423b92bbd31ee", Some(ID)),
            ("https://acme.notion.site/954b67f9-3f87-41db-8874-23b92bbd31ee/", Some(ID)),
            ("https://app.notion.com/p/954b67f93f8741db887423b92bbd31ee#3cbc16ecc9ae80af92b8ef7532b95d58", Some(block)),
            ("https://www.notion.so/Ünïcode-schön", None),
            ("https://www.notion.so/", None),
            ("user://123", None),
            ("not an address", None),
        ];
        for (address, expected) in cases {
            assert_eq!(of_address(address).as_deref(), expected, "{address}");
        }
    }
}
