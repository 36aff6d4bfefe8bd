//! Pages as good sites have them: five languages, their old charsets, and a page of documentation.

use super::Answer;

/// A short article and what a reader must find in it.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Its language, BCP 47.
    pub language: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its paragraphs.
    pub paragraphs: [&'static str; 3],
}

/// English.
pub const ENGLISH: Sample = Sample {
    language: "en",
    title: "How refunds work",
    paragraphs: [
        "A refund is paid back to the card that was charged, and the bank shows it after five working days.",
        "When the card has expired in the meantime, our team asks you for another account before anything is sent.",
        "Whoever ordered by invoice receives the money by transfer and finds the order number in the reference.",
    ],
};

/// German.
pub const GERMAN: Sample = Sample {
    language: "de",
    title: "So läuft eine Rückzahlung",
    paragraphs: [
        "Eine Rückzahlung geht immer auf die Karte zurück, die belastet wurde, und erscheint nach fünf Werktagen.",
        "Ist die Karte inzwischen abgelaufen, fragen wir nach einem anderen Konto, bevor wir etwas überweisen.",
        "Wer auf Rechnung bestellt hat, bekommt das Geld überwiesen und findet die Bestellnummer im Verwendungszweck.",
    ],
};

/// French.
pub const FRENCH: Sample = Sample {
    language: "fr",
    title: "Comment se passe un remboursement",
    paragraphs: [
        "Le remboursement est versé sur la carte débitée et la banque l’affiche après cinq jours ouvrés.",
        "Si la carte a expiré entre-temps, notre équipe vous demande un autre compte avant tout envoi.",
        "Les commandes réglées sur facture sont remboursées par virement, avec le numéro de commande en référence.",
    ],
};

/// Russian.
pub const RUSSIAN: Sample = Sample {
    language: "ru",
    title: "Как вернуть деньги за заказ",
    paragraphs: [
        "Деньги возвращаются на ту карту, с которой были списаны, и банк покажет их через пять рабочих дней.",
        "Если срок действия карты уже истёк, мы попросим у вас другой счёт, прежде чем что-либо отправить.",
        "Тот, кто платил по счёту, получит перевод и увидит номер заказа в назначении платежа.",
    ],
};

/// Japanese.
pub const JAPANESE: Sample = Sample {
    language: "ja",
    title: "返金の流れについて",
    paragraphs: [
        "返金はお支払いに使われたカードへ行われ、銀行の明細には五営業日ほどで表示されます。",
        "カードの有効期限が切れている場合は、送金の前に別の口座をお知らせいただくようお願いしています。",
        "請求書でお支払いのお客様には銀行振込で返金し、振込名義に注文番号を記載します。",
    ],
};

impl Sample {
    /// The article as an HTML page; `head` goes into its head.
    pub fn html(&self, head: &str) -> String {
        let Self { title, paragraphs, .. } = self;
        let text = paragraphs.map(|paragraph| format!("<p>{paragraph}</p>\n")).concat();
        format!(
            "<!doctype html>\n<html><head>{head}<title>{title}</title></head>\n<body>\
             <nav><a href=\"/\">⌂</a></nav>\n<main><article><h1>{title}</h1>\n{text}</article></main></body></html>\n"
        )
    }

    /// The article in UTF-8, and the header says so.
    pub fn utf8(&self) -> Answer {
        Answer::html(self.html(""))
    }

    /// The article in another charset, named by the header.
    pub fn in_charset(&self, label: &str) -> Answer {
        Answer::page(&format!("text/html; charset={label}"), encoded(label, &self.html("")))
    }

    /// The article in another charset, named only inside the page.
    pub fn in_meta_charset(&self, label: &str) -> Answer {
        let page = self.html(&format!("<meta charset=\"{label}\">"));
        Answer::page("text/html", encoded(label, &page))
    }

    /// The article in UTF-8, told only by a byte order mark.
    pub fn with_mark(&self) -> Answer {
        Answer::page("text/html", format!("\u{feff}{}", self.html("")))
    }
}

fn encoded(label: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("tests use real charsets");
    encoding.encode(text).0.into_owned()
}

/// What [`documentation`] is called.
pub const DOCUMENTATION_TITLE: &str = "Set up the export";

/// A page with everything that documentation is made of.
pub fn documentation() -> Answer {
    Answer::html(
        r#"<!doctype html><html lang="en"><head><title>Set up the export</title></head><body>
<header><a href="/">Home</a></header>
<main><article>
<h1>Set up the export</h1>
<p>The export copies every order of the last day into a file that your accounting can read.</p>
<h2>Before you start</h2>
<ul>
  <li>You need the role of an administrator.</li>
  <li>You need one of these plans:
    <ul><li>Team, with one export a day</li><li>Business, with one export an hour</li></ul>
  </li>
</ul>
<h2>Limits</h2>
<table>
  <tr><th>Plan</th><th>Rows</th></tr>
  <tr><td>Team</td><td>10,000</td></tr>
  <tr><td>Business</td><td>500,000</td></tr>
</table>
<h2>Start it by hand</h2>
<pre><code class="language-sh">export-orders --day yesterday
export-orders --day 2026-01-31 --format csv</code></pre>
<p>The command prints the path of the file when it is done.</p>
</article></main></body></html>"#,
    )
}

/// What [`markdown`] is called.
pub const MARKDOWN_TITLE: &str = "Release notes";

/// A page of Markdown.
pub fn markdown() -> Answer {
    Answer::page(
        "text/markdown; charset=utf-8",
        "# Release notes\n\nThis release makes imports twice as fast, and the report now names every page that was left out.\n\n\
         - The list can be filtered by language.\n- A failed page shows its reason.\n",
    )
}

/// A page of plain text.
pub fn plain() -> Answer {
    Answer::text(
        "The warehouse is closed on public holidays.\n\nOrders that arrive on such a day are packed on the next morning, in \
         the order in which they came in.\n",
    )
}

/// A page whose every word would be made by scripts.
pub fn scripts_only() -> Answer {
    Answer::html(
        "<!doctype html><html><head><script src=\"/app.js\"></script></head><body><div id=\"root\"></div>\
         <script>document.getElementById('root').textContent = 'Hello';</script></body></html>",
    )
}
