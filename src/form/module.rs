//! Which files of a folder Terraform and OpenTofu read together.

/// What a file is in a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It defines resources, variables and so on.
    Configuration,
    /// It replaces arguments of what the others define: `override.tf`, `network_override.tf.json`.
    Override,
    /// It gives variables their values: `terraform.tfvars`, `prod.auto.tfvars.json`.
    Values,
}

/// The role of a file of that name, without its folder, in the module that its folder is; `None`
/// for a file that is not read of itself, such as `prod.tfvars`.
///
/// Sources: <https://developer.hashicorp.com/terraform/language/files>,
/// <https://developer.hashicorp.com/terraform/language/files/override>,
/// <https://developer.hashicorp.com/terraform/language/values/variables>,
/// <https://opentofu.org/docs/language/files/>.
pub fn module_role(name: &str) -> Option<Role> {
    let plain = name.strip_suffix(".json").unwrap_or(name);
    if plain == "terraform.tfvars" || plain.ends_with(".auto.tfvars") {
        return Some(Role::Values);
    }
    let stem = plain.strip_suffix(".tf").or(plain.strip_suffix(".tofu"))?;
    // What editors leave behind is passed over.
    if name.starts_with('.') || (name.starts_with('#') && name.ends_with('#')) {
        return None;
    }
    Some(if stem == "override" || stem.ends_with("_override") {
        Role::Override
    } else {
        Role::Configuration
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_role() {
        for (name, role) in [
            ("main.tf", Some(Role::Configuration)),
            ("main.tofu", Some(Role::Configuration)),
            ("cdk.tf.json", Some(Role::Configuration)),
            ("main.tofu.json", Some(Role::Configuration)),
            ("override.tf", Some(Role::Override)),
            ("override.tofu.json", Some(Role::Override)),
            ("network_override.tf", Some(Role::Override)),
            ("my-override.tf", Some(Role::Configuration)),
            ("terraform.tfvars", Some(Role::Values)),
            ("terraform.tfvars.json", Some(Role::Values)),
            ("prod.auto.tfvars", Some(Role::Values)),
            ("prod.auto.tfvars.json", Some(Role::Values)),
            ("prod.tfvars", None),
            ("terraform.tfstate", None),
            ("main.json", None),
            ("main.tf.bak", None),
            ("main.tf~", None),
            (".#main.tf", None),
            ("tf", None),
            ("main.tftest.hcl", None),
        ] {
            assert_eq!(module_role(name), role, "{name}");
        }
    }
}
