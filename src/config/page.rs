//! The page of a policy, made of what the policy says: each rule has one.

use super::Origin;

/// What a policy asks for: what a list is about, and the list.
pub(super) type Demanded = (String, Vec<String>);

/// A page like those in `rules/`.
pub(super) fn page(
    message: &str,
    help: Option<&str>,
    origin: &Origin,
    demanded: &[Demanded],
) -> String {
    let mut page =
        format!("# {message}\n\nA rule of the policy in {origin}.\n\n## What it asks for\n\n");
    for (about, list) in demanded.iter().filter(|(_, list)| !list.is_empty()) {
        let list: Vec<String> = list.iter().map(|it| format!("`{it}`")).collect();
        page += &format!("- {about}: {}\n", list.join(", "));
    }
    if let Some(help) = help {
        page += &format!("\n## Instead\n\n{help}\n");
    }
    page
}
