//! Categories and sections, as the groups that hold articles. Pure.

use std::collections::{HashMap, HashSet};

use model::{Group, Resource};
use serde_json::Value;

use crate::provider::{field, id};

/// The section for articles whose own is not to be seen, and its category.
const OTHER: [(&str, &str); 2] = [("other", "Other"), ("other-articles", "Other articles")];

/// The most sections around a section that are named; Zendesk itself allows fewer.
const MOST_AROUND: usize = 16;

/// The groups of a help centre.
#[derive(Debug, Default)]
pub struct Shelves {
    groups: Vec<Group>,
    sections: HashSet<String>,
}

impl Shelves {
    /// From the records of all categories and all sections.
    pub fn of(categories: &[Value], sections: &[Value]) -> Self {
        let mut groups: Vec<Group> =
            categories.iter().filter_map(|category| group(category, None, name(category))).collect();
        let known: HashSet<String> = groups.iter().map(|group| group.id.clone()).collect();
        let by_id: HashMap<String, &Value> =
            sections.iter().filter_map(|section| Some((id::id(section, "/id")?, section))).collect();
        let mut shelves = Self::default();
        for section in sections {
            let category = id::id(section, "/category_id").filter(|category| known.contains(category));
            let parent = category.unwrap_or_else(|| OTHER[0].0.to_owned());
            let Some(group) = group(section, Some(parent), path(section, &by_id)) else { continue };
            if shelves.sections.insert(group.id.clone()) {
                groups.push(group);
            }
        }
        shelves.groups = groups;
        shelves
    }

    /// Puts an article into its section, or into the one for those whose section is not to be seen.
    pub fn put(&self, article: &mut Resource) {
        let is_known = article.group.as_ref().is_some_and(|section| self.sections.contains(section));
        if !is_known {
            article.group = Some(OTHER[1].0.to_owned());
        }
    }

    /// All groups, each before those in it; those for the rest only where something lies in them.
    pub fn groups(mut self, articles: &[Resource]) -> Vec<Group> {
        let [category, section] = OTHER.map(|(id, title)| Group {
            id: id.to_owned(),
            title: title.to_owned(),
            url: String::new(),
            parent: None,
        });
        let has_rest = articles.iter().any(|article| article.group.as_deref() == Some(section.id.as_str()));
        let has_lost = self.groups.iter().any(|group| group.parent.as_deref() == Some(category.id.as_str()));
        let parent = Some(category.id.clone());
        if has_rest || has_lost {
            self.groups.insert(0, category);
        }
        if has_rest {
            self.groups.push(Group { parent, ..section });
        }
        self.groups
    }
}

fn group(record: &Value, parent: Option<String>, title: String) -> Option<Group> {
    let url = field::text(record, "/html_url").to_owned();
    Some(Group { id: id::id(record, "/id")?, title, url, parent })
}

fn name(record: &Value) -> String {
    let name = field::text(record, "/name").trim();
    if name.is_empty() { "Untitled".to_owned() } else { name.to_owned() }
}

/// The names of a section and of the sections around it.
fn path(section: &Value, by_id: &HashMap<String, &Value>) -> String {
    let (mut names, mut seen, mut here) = (vec![name(section)], HashSet::new(), section);
    while let Some((id, parent)) = id::id(here, "/parent_section_id").and_then(|id| by_id.get_key_value(&id)) {
        if !seen.insert(id) || seen.len() > MOST_AROUND {
            break;
        }
        names.push(name(parent));
        here = parent;
    }
    names.reverse();
    names.join(" > ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(groups: &[Group]) -> Vec<(&str, &str, Option<&str>)> {
        groups.iter().map(|group| (group.id.as_str(), group.title.as_str(), group.parent.as_deref())).collect()
    }

    fn article(section: Option<&str>) -> Resource {
        Resource {
            external_id: "1".to_owned(),
            title: "x".to_owned(),
            url: String::new(),
            mime_type: String::new(),
            icon: None,
            object: String::new(),
            version: None,
            group: section.map(str::to_owned),
            parent: None,
        }
    }

    #[test]
    fn nested_sections_are_told_with_those_around_them() {
        let categories = [json!({"id": 1, "name": "Guide"}), json!({"id": 2, "name": null})];
        let sections = [
            json!({"id": 10, "name": "Deep", "category_id": 1, "parent_section_id": 11}),
            json!({"id": 11, "name": "Upper", "category_id": 1, "parent_section_id": 12}),
            json!({"id": 12, "name": "Top", "category_id": 1, "parent_section_id": null}),
            json!({"id": 13, "name": "Orphan", "category_id": 2, "parent_section_id": 99}),
            json!({"id": 14, "name": "Ring", "category_id": 2, "parent_section_id": 15}),
            json!({"id": 15, "name": "Other ring", "category_id": 2, "parent_section_id": 14}),
            json!({"name": "nameless"}),
        ];
        let groups = Shelves::of(&categories, &sections).groups(&[]);
        assert_eq!(
            shown(&groups)[..6],
            [
                ("1", "Guide", None),
                ("2", "Untitled", None),
                ("10", "Top > Upper > Deep", Some("1")),
                ("11", "Top > Upper", Some("1")),
                ("12", "Top", Some("1")),
                ("13", "Orphan", Some("2")),
            ]
        );
        assert_eq!(groups.len(), 8);
    }

    #[test]
    fn what_lies_nowhere_lies_among_the_rest() {
        let shelves = Shelves::of(
            &[json!({"id": 1, "name": "Guide"})],
            &[json!({"id": 10, "name": "In", "category_id": 1}), json!({"id": 11, "name": "Lost", "category_id": 7})],
        );
        let mut articles = [article(Some("10")), article(Some("99")), article(None)];
        for article in &mut articles {
            shelves.put(article);
        }
        let sections: Vec<_> = articles.iter().map(|article| article.group.as_deref().unwrap()).collect();
        assert_eq!(sections, ["10", "other-articles", "other-articles"]);
        let groups = shelves.groups(&articles);
        assert_eq!(
            shown(&groups),
            [
                ("other", "Other", None),
                ("1", "Guide", None),
                ("10", "In", Some("1")),
                ("11", "Lost", Some("other")),
                ("other-articles", "Other articles", Some("other")),
            ]
        );
    }
}
