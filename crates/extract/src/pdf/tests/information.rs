//! What a file says about itself.

use hayro_syntax::Pdf;

use super::*;

fn described(entries: &str, packet: &str, dictionary: &str) -> Information {
    let catalogue = format!("<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R{entries}>>");
    let bytes = file_with(
        &[
            catalogue.into_bytes(),
            b"<</Type/Pages/Kids[]/Count 0>>".to_vec(),
            stream(packet.as_bytes(), "/Type/Metadata/Subtype/XML"),
            format!("<<{dictionary}>>").into_bytes(),
        ],
        "/Info 4 0 R",
    );
    Information::of(&Pdf::new(bytes).unwrap())
}

#[expect(clippy::unnecessary_wraps, reason = "what was found, where it was")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn the_dictionary_names_title_authors_and_days() {
    let dictionary =
        "/Title(A manual)/Author(Ada One; Bo Two)/CreationDate(D:20240229101500)/ModDate(D:20240301101500-05'30')";
    let found = described("/Lang(de-DE)", "", dictionary);
    let expected = Information {
        title: some("A manual"),
        language: some("de-DE"),
        authors: vec!["Ada One".to_owned(), " Bo Two".to_owned()],
        published: some("2024-02-29"),
        modified: some("2024-03-01T10:15:00-05:30"),
    };
    assert_eq!(found, expected);
}

#[test]
fn a_packet_fills_up_what_the_dictionary_leaves_open() {
    let packet = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
        xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
        xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/' \
        xmp:CreateDate='2024-02-29T10:15:00Z'><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>A packet</rdf:li>\
        <rdf:li xml:lang='de'>Ein Paket</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Ada One</rdf:li>\
        <rdf:li>Two &amp; Sons</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>\
        <xmp:ModifyDate>2024-03-01</xmp:ModifyDate></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>";
    let found = described("", packet, "/Title(draft.docx)/Author(root)/CreationDate(D:20200101000000Z)");
    let expected = Information {
        title: some("A packet"),
        language: some("en-GB"),
        authors: vec!["Ada One".to_owned(), "Two & Sons".to_owned()],
        published: some("2024-02-29T10:15:00Z"),
        modified: some("2024-03-01"),
    };
    assert_eq!(found, expected);
}

#[test]
fn what_says_nothing_is_left_out() {
    assert_eq!(described("", "<not <xml", "/Title(untitled)/Author(user)"), Information::default());
}
