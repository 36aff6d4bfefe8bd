//! Whether two texts are about the same: by nearly the same words, or by the same title and much of the text.

use crate::similarity::{Shingles, Signature, title_similarity};

/// The share of common shingles from which on two texts are one, whatever their titles.
const SAME_TEXT: f64 = 0.8;
/// How alike titles must be to count, and how alike the texts then.
const SAME_TITLE: (f64, f64) = (0.9, 0.4);

/// A title and the digest of a text, enough to find the texts that belong together.
///
/// Two belong together when 80 % of their shingles (three words each) agree, or 40 % under nearly the same title.
///
/// ```
/// use diff::Looks;
///
/// let text = "Refunds are paid within five working days to the card that you used, and we send a mail about it.";
/// let article = Looks::of("Refund policy", &[text]);
/// let page = Looks::of("How refunds work", &[text.replace("five", "5")]);
/// assert!(article.likeness(&Looks::of("Anything", &[text])).is_some());
/// assert!(article.likeness(&Looks::of("Refund policy", &["Our office is closed in August."])).is_none());
/// assert!(page.likeness(&article).is_none_or(|share| share < 1.0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    title: String,
    signature: Signature,
}

impl Looks {
    /// The looks of a text, a list of paragraphs.
    pub fn of<P: AsRef<str>>(title: &str, paragraphs: &[P]) -> Self {
        Self { title: title.to_owned(), signature: Shingles::of(paragraphs).signature() }
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The share of common shingles, about, where the two belong together.
    pub fn likeness(&self, other: &Self) -> Option<f64> {
        let text = self.signature.similarity(&other.signature);
        let is_like =
            text >= SAME_TEXT || (text >= SAME_TITLE.1 && title_similarity(&self.title, &other.title) >= SAME_TITLE.0);
        is_like.then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_or_a_title_with_much_of_the_text_is_enough() {
        let refunds = "Refunds are paid within five working days to the card that you used, and we send a mail about it. \
            You can ask for one from the billing page, within thirty days after you paid, as often as you like.";
        let half = "Refunds are paid within five working days to the card that you used, and we send a mail about it. \
            Whoever lives abroad asks the bank first, which may want a form and a signature of everybody involved.";
        let article = Looks::of("Refund policy", &[refunds]);
        let like = |title: &str, text: &str| article.likeness(&Looks::of(title, &[text])).is_some();
        assert!(like("Anything", refunds));
        assert!(like("Refund policy", &refunds.replace("five", "six")));
        assert!(!like("Something else", half), "half of the words alone are not enough");
        assert!(
            !like("Refund policy", "Our cats are black and sleep all day on the warm roof."),
            "nor is a title alone"
        );
    }
}
