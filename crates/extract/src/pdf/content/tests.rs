//! Instructions, sound ones and damaged ones.

use super::*;

/// Operators with their operands, as one line.
fn shown(bytes: &[u8]) -> String {
    let mut content = Content::new(bytes);
    let mut lines = Vec::new();
    while let Some(operator) = content.next_operator() {
        let mut words: Vec<String> = content
            .operands()
            .iter()
            .map(|operand| match operand {
                Operand::Number(number) => format!("{number}"),
                Operand::Name(name) => format!("/{}", String::from_utf8_lossy(name)),
                Operand::Text(text) => format!("({})", String::from_utf8_lossy(text)),
                Operand::Dictionary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            })
            .collect();
        words.push(String::from_utf8_lossy(operator).into_owned());
        lines.push(words.join(" "));
    }
    lines.join("; ")
}

#[test]
fn instructions_are_taken_apart() {
    let cases = [
        ("1 0 0 -1 .5 +2.25 cm", "1 0 0 -1 0.5 2.25 cm"),
        ("/F1 12 Tf(a\\)b\\050c\\\n(d)) Tj", "/F1 12 Tf; (a)b(c(d)) Tj"),
        ("[(a)-250<62 6>]TJ", "(a) -250 (b`) TJ"),
        ("/A#20B gs % a comment Tj\nQ", "/A B gs; Q"),
        ("/Span<</ActualText(>>) /X<<>>>>BDC EMC", "/Span <</ActualText(>>) /X<<>>>> BDC; EMC"),
        ("q BI /W 1 /H 1 ID EI\u{1}EIx EI Q", "q; BI; Q"),
        ("BI /CS /ID /W 1 ID x EI Q", "BI; Q"),
        ("true null (a\rb\r\nc) '", "(a\nb\nc) '"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(shown(bytes.as_bytes()), expected, "{bytes}");
    }
}

#[test]
fn damaged_instructions_are_skipped() {
    let cases = [
        (") ] > } (a) Tj", "(a) Tj"),
        ("<< /A (b) Tj", "/A (b) Tj"),
        ("(without an end Tj", ""),
        ("--5 5-3 1.2.3 . w", "-5 5 1.2 0 w"),
        ("1x (a) Tj", "1x; (a) Tj"),
        ("BI /W 1 ID without an end (a) Tj", "BI; /W 1 ID; without; an; end; (a) Tj"),
        ("BI (a) Tj", "BI; (a) Tj"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(shown(bytes.as_bytes()), expected, "{bytes}");
    }
}

#[test]
fn no_operator_has_operands_without_end() {
    let bytes = b"1 ".repeat(MAX_OPERANDS + 9);
    let mut content = Content::new(&bytes);
    assert_eq!(content.next_operator(), None);
    assert_eq!(content.operands().len(), MAX_OPERANDS);
}
