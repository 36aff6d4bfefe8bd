//! Plots: who got how much of each hundredth of the work, as text and as SVG.

use std::fmt::Write;

use crate::measured::real;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 110.0;
const LEFT: f64 = 150.0;
const TOP: f64 = 34.0;
const COLOURS: [&str; 6] = ["#3b6ea8", "#d98032", "#5a9e54", "#b0484d", "#7f63a8", "#8c8c8c"];
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One scenario's course: the runs of each workspace in each part of the work.
pub struct Course<'a> {
    pub name: &'a str,
    pub parts: &'a [Vec<u64>],
}

/// A line of blocks for each workspace; the height is its share of the runs.
pub fn text(course: &Course<'_>) -> String {
    let mut text = format!("{}: each workspace's share of the runs, from the first to the last\n", course.name);
    for workspace in 0..course.parts.first().map_or(0, Vec::len) {
        let line: String = shares(course, workspace).map(|share| BLOCKS[block(share)]).collect();
        let _ = writeln!(text, "  {workspace} │{line}│");
    }
    text
}

/// One picture of all courses, one below the other.
pub fn svg(courses: &[Course<'_>]) -> String {
    let height = TOP + HEIGHT * real(courses.len() as u64);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"20\" font-size=\"14\">Share of the runs that each workspace got, from the first run to the last</text>\n"
    );
    for (place, course) in courses.iter().enumerate() {
        let top = TOP + HEIGHT * real(place as u64);
        let _ = writeln!(svg, "<text x=\"10\" y=\"{}\">{}</text>", top + HEIGHT / 2.0, course.name);
        stack(&mut svg, course, top);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Areas on top of each other: one for each workspace.
fn stack(svg: &mut String, course: &Course<'_>, top: f64) {
    let height = HEIGHT - 16.0;
    let step = (WIDTH - LEFT - 10.0) / real(course.parts.len() as u64);
    let mut floor = vec![0.0; course.parts.len()];
    for workspace in 0..course.parts.first().map_or(0, Vec::len) {
        let roof: Vec<f64> = shares(course, workspace).zip(&floor).map(|(share, floor)| share + floor).collect();
        let at = |part: usize, share: f64| (LEFT + step * real(part as u64), top + height * (1.0 - share));
        let along = roof.iter().enumerate().map(|(part, share)| at(part, *share));
        let back = floor.iter().enumerate().rev().map(|(part, share)| at(part, *share));
        let points: Vec<String> = along.chain(back).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let colour = COLOURS[workspace % COLOURS.len()];
        let _ = writeln!(svg, "<polygon fill=\"{colour}\" points=\"{}\"/>", points.join(" "));
        floor = roof;
    }
}

fn shares<'a>(course: &'a Course<'_>, workspace: usize) -> impl Iterator<Item = f64> + 'a {
    course.parts.iter().map(move |part| real(part[workspace]) / real(part.iter().sum::<u64>().max(1)))
}

fn block(share: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is in 0..=1")]
    let height = (share * 8.0).ceil() as usize;
    height.min(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_shows_each_workspace_its_share() {
        let parts = [vec![4, 0], vec![2, 2], vec![0, 8]];
        let course = Course { name: "two", parts: &parts };
        assert!(text(&course).ends_with("  0 │█▄ │\n  1 │ ▄█│\n"), "{}", text(&course));
        let svg = svg(&[course]);
        assert_eq!(svg.matches("<polygon").count(), 2);
        assert!(svg.ends_with("</svg>\n"));
    }
}
