//! Books by their parts.

use crate::archive::tests::zip;
use crate::budget::Budget;
use crate::reading::Reading;
use crate::{render, tidy};

fn read(bytes: &[u8]) -> Result<Reading, model::Failure> {
    super::read(bytes, &Budget::endless())
}

const CONTAINER: &str = "<container><rootfiles><rootfile full-path='OEBPS/book.opf'/></rootfiles></container>";

const PACKAGE: &str = "<package><metadata><dc:title>A book</dc:title><dc:language>de</dc:language></metadata><manifest>\
<item id='n' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>\
<item id='a' href='text/one%20a.xhtml' media-type='application/xhtml+xml'/><item id='b' href='text/two.xhtml' media-type='application/xhtml+xml'/>\
<item id='c' href='gone.xhtml' media-type='application/xhtml+xml'/><item id='p' href='p.png' media-type='image/png'/></manifest>\
<spine><itemref idref='n'/><itemref idref='b'/><itemref idref='a'/><itemref idref='c'/><itemref idref='b'/></spine></package>";

fn book(encryption: &str) -> Vec<u8> {
    let page =
        |text: &str| format!("<?xml version='1.0'?><html><head><title>x</title></head><body>{text}</body></html>");
    zip(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("META-INF/encryption.xml", encryption.as_bytes()),
        ("OEBPS/book.opf", PACKAGE.as_bytes()),
        ("OEBPS/nav.xhtml", page("<nav>Contents</nav>").as_bytes()),
        ("OEBPS/text/one a.xhtml", page("<h1>Second</h1><p>Text of it.</p>").as_bytes()),
        ("OEBPS/text/two.xhtml", page("<h1>First</h1><ul><li>A point</li></ul>").as_bytes()),
    ])
}

#[test]
fn chapters_come_in_the_order_of_the_spine_and_once() {
    let reading = read(&book("")).unwrap();
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)), "# First\n\n- A point\n\n# Second\n\nText of it.\n");
    assert_eq!((reading.title.as_deref(), reading.language.as_deref()), (Some("A book"), Some("de")));
    assert_eq!(reading.warnings, ["chapters that the book lists are missing in the file: 1"]);
}

#[test]
fn copy_protection_is_named() {
    let locked =
        "<encryption><EncryptedData><CipherReference URI='OEBPS/text/two.xhtml'/></EncryptedData></encryption>";
    assert!(read(&book(locked)).err().unwrap().text.contains("copy protection"));
    let fonts = "<encryption><EncryptedData><CipherReference URI='OEBPS/a.otf'/></EncryptedData></encryption>";
    assert!(read(&book(fonts)).is_ok());
}
