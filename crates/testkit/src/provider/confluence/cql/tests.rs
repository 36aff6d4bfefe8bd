//! What queries find, and which are not understood.

use super::*;

/// A space of three pages, the second an hour after the first, the third below the second.
fn world() -> (World, [u64; 3]) {
    let mut world = World::cloud();
    let space = world.bare_space("DOC", "Documentation");
    let first = world.page(space, "How refunds work", "<p />");
    world.wait(3_600);
    let second = world.page(space, "Prices", "<p />");
    let third = world.page_under(second, "Old prices", "<p />");
    (world, [first, second, third])
}

#[test]
fn finds_by_every_field() {
    let (world, [first, second, third]) = world();
    let cases: [(&str, &[u64]); 14] = [
        ("type=page", &[first, second, third]),
        ("type = page and space = \"DOC\"", &[first, second, third]),
        ("space in (\"OPS\", DOC) AND title = 'Prices'", &[second]),
        ("space not in (DOC)", &[]),
        ("space != OPS order by title", &[first, third, second]),
        ("title ~ \"prices\"", &[second, third]),
        (&format!("id in ({first},{third}) order by lastmodified desc"), &[third, first]),
        (&format!("parent = {second}"), &[third]),
        (&format!("ancestor = {second}"), &[third]),
        ("type = folder", &[]),
        ("type=page and lastmodified >= \"2026/11/02 10:00\" order by lastmodified asc", &[second, third]),
        ("lastmodified < \"2026-11-02 10:00\"", &[first]),
        ("lastmodified >= \"2026/11/03\"", &[]),
        ("created >= \"2026/11/02\"", &[first, second, third]),
    ];
    for (text, expected) in cases {
        let query = Query::read(text).unwrap();
        let mut found: Vec<_> =
            world.content.values().filter(|content| query.finds(&world, content, 0).unwrap()).collect();
        query.sort(&mut found);
        assert_eq!(found.iter().map(|content| content.id).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn dates_are_of_the_callers_clock_and_have_no_seconds() {
    let (mut world, [_, _, third]) = world();
    world.wait(30);
    world.edit(third, "<p>new</p>");
    let content = &world.content[&third];
    // It was changed at 10:05:30.
    let cases = [
        ("lastmodified >= \"2026/11/02 10:05\"", 0, true),
        ("lastmodified >= \"2026/11/02 10:06\"", 0, false),
        ("lastmodified >= \"2026/11/02 11:05\"", 60, true),
        ("lastmodified >= \"2026/11/02 10:05\"", -60, false),
        ("lastmodified > \"2026/11/02 10:05\"", 0, false),
    ];
    for (text, zone, expected) in cases {
        assert_eq!(Query::read(text).unwrap().finds(&world, content, zone), Ok(expected), "{text} at {zone}");
    }
}

#[test]
fn what_is_not_understood_is_refused() {
    for text in
        ["", "type", "type=", "type=page space=DOC", "colour = red", "id in (1", "title = \"open", "type=page order by"]
    {
        assert!(Query::read(text).is_err(), "{text}");
    }
    let (world, [first, ..]) = world();
    let query = Query::read("lastmodified > yesterday").unwrap();
    assert!(query.finds(&world, &world.content[&first], 0).is_err());
}
