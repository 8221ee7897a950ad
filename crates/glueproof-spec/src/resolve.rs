//! From gathered shapes to the model of one edition: targets resolved, members of other editions left out.
//! Reads no files and no traits' insides.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::ast::{MemberAst, OperationAst, ResourceAst, ServiceAst, ShapeAst, ShapeReference};
use super::ast_traits::{Fault, Refusals, TraitsAst, View};
use super::error::{SpecError, SpecProblem};
use super::gather::{Loader, Owned, problem, simple_name};
use super::resolve_traits::{check_evidence, overlay};
use super::service::{Operation, Protocol, Resource, ServiceModel};
use super::shape::{ErrorShape, Kind, MapShape, Member, Shape};

/// A structure an operation refers to, what it must be, and whether its traits say so.
type Marked<'r> = (&'r ShapeReference, &'static str, fn(&TraitsAst) -> bool);

impl Loader<'_> {
    pub(super) fn model(&self) -> Result<ServiceModel, SpecError> {
        let (service_id, service_file, service) = self.service_shape()?;
        let fail =
            |text: &str| problem(service_file, Some(service_id), SpecProblem::Missing(text.to_owned()));
        let sigv4 = service.traits.sigv4.as_ref().ok_or_else(|| fail("the service needs aws.auth#sigv4"))?;
        let protocol = protocol(&service.traits).ok_or_else(|| {
            fail(
                "the service needs aws.protocols#awsJson1_1 or aws.protocols#restXml; no other is understood",
            )
        })?;
        let names =
            service.traits.service.clone().ok_or_else(|| fail("the service needs aws.api#service"))?;
        let mut model = ServiceModel {
            name: self.service.to_owned(),
            names,
            version: service.version.clone(),
            target_prefix: simple_name(service_id).to_owned(),
            signing_name: sigv4.name.clone(),
            protocol,
            xml_namespace: service.traits.xml_namespace.as_ref().map(|namespace| namespace.uri.clone()),
            edition: self.edition,
            shapes: BTreeMap::new(),
            operations: IndexMap::new(),
            resources: Vec::new(),
            behaviors: Vec::new(),
            tables: BTreeMap::new(),
            sources: self.sources.clone(),
            refusals: self.refusals(service_file, service_id, service)?,
            eventual: service.traits.eventual.clone(),
            wire: service.traits.wire.clone().unwrap_or_default(),
            access: service.traits.access.clone(),
            probes: service.traits.probes.clone().unwrap_or_default(),
            errors: BTreeMap::new(),
            sensitive: BTreeSet::new(),
            others: BTreeMap::new(),
        };
        for reference in service.operations.iter().chain(&service.resources) {
            self.resolve(service_file, service_id, &reference.target)?;
        }
        for (name, owned) in &self.shapes {
            self.add(&mut model, name, owned)?;
        }
        check_contents(service_file, &model)?;
        check_eventual(service_file, &model)?;
        check_dependencies(service_file, &model)?;
        Ok(model)
    }

    fn refusals(&self, file: &str, id: &str, service: &ServiceAst) -> Result<Refusals, SpecError> {
        let Some(refusals) = &service.traits.refusals else {
            let text = "the service needs glueproof#refusals".to_owned();
            return Err(problem(file, Some(id), SpecProblem::Missing(text)));
        };
        let guards = service.traits.access.iter().flat_map(|access| access.guards.values());
        let wire = service.traits.wire.iter().flat_map(BTreeMap::values);
        let eventual = service.traits.eventual.iter().map(|eventual| &eventual.evidence);
        for evidence in wire.chain(guards).chain(eventual).chain([&refusals.evidence]) {
            check_evidence(&self.sources, evidence).map_err(|p| problem(file, Some(id), p))?;
        }
        Ok(refusals.clone())
    }

    fn service_shape(&self) -> Result<(&str, &str, &ServiceAst), SpecError> {
        let mut found = self.shapes.values().filter_map(|o| match &o.ast {
            ShapeAst::Service(service) => Some((o.id.as_str(), o.file.as_str(), service.as_ref())),
            _ => None,
        });
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(problem(
                self.service,
                None,
                SpecProblem::Missing("no file defines the service shape".to_owned()),
            )),
            (Some(_), Some((id, file, _))) => Err(problem(
                file,
                Some(id),
                SpecProblem::Syntax("there is a second service shape".to_owned()),
            )),
        }
    }

    fn add(&self, model: &mut ServiceModel, name: &str, owned: &Owned) -> Result<(), SpecError> {
        let traits = self.traits(owned, &owned.id, owned.ast.traits())?;
        if !self.exists(owned.ast.traits()) {
            self.check_even_if_absent(owned)?;
            return Ok(());
        }
        let kind = match &owned.ast {
            ShapeAst::String { .. } => Kind::String,
            ShapeAst::Boolean { .. } => Kind::Boolean,
            ShapeAst::Blob { .. } => Kind::Blob,
            ShapeAst::Integer { .. } => Kind::Integer,
            ShapeAst::Double { .. } => Kind::Double,
            ShapeAst::Timestamp { .. } => Kind::Timestamp,
            ShapeAst::Enum { members, .. } => {
                // If such values are keys of a map, the values under some of them are secret.
                let secret = members.values().filter(|member| member.traits.sensitive.is_some());
                model.sensitive.extend(secret.filter_map(|member| member.traits.enum_value.clone()));
                Kind::Enum(self.enum_values(owned, members)?)
            }
            ShapeAst::List { member, .. } => Kind::List(Box::new(self.member(owned, "member", member)?)),
            ShapeAst::Map { key, value, .. } => Kind::Map(Box::new(MapShape {
                key: self.member(owned, "key", key)?,
                value: self.member(owned, "value", value)?,
            })),
            ShapeAst::Structure { members, traits } => {
                Self::add_error(model, name, traits);
                Kind::Structure(self.structure(owned, members, model)?)
            }
            ShapeAst::Operation(_) => return self.add_operation(model, name, owned),
            ShapeAst::Resource(resource) => return self.add_resource(model, name, owned, resource),
            ShapeAst::Service(_) => return Ok(()),
        };
        model.shapes.insert(name.to_owned(), Shape { name: name.to_owned(), kind, traits });
        Ok(())
    }

    /// A shape outside this edition still may not hold dangling targets.
    fn check_even_if_absent(&self, owned: &Owned) -> Result<(), SpecError> {
        if let ShapeAst::Structure { members, .. } = &owned.ast {
            for (name, member) in members {
                self.member(owned, name, member)?;
            }
        }
        Ok(())
    }

    fn add_error(model: &mut ServiceModel, name: &str, traits: &TraitsAst) {
        if let Some(fault) = traits.error {
            let status = traits.http_error.unwrap_or(match fault {
                Fault::Client => 400,
                Fault::Server => 500,
            });
            model.errors.insert(name.to_owned(), ErrorShape { fault, status });
        }
    }

    fn enum_values(
        &self,
        owned: &Owned,
        members: &IndexMap<String, MemberAst>,
    ) -> Result<Vec<String>, SpecError> {
        let present = members.iter().filter(|(_, m)| self.exists(&m.traits));
        present
            .map(|(name, member)| {
                member.traits.enum_value.clone().ok_or_else(|| {
                    let text = format!("the enum member `{name}` has no smithy.api#enumValue");
                    problem(&owned.file, Some(&owned.id), SpecProblem::Missing(text))
                })
            })
            .collect()
    }

    fn structure(
        &self,
        owned: &Owned,
        members: &IndexMap<String, MemberAst>,
        model: &mut ServiceModel,
    ) -> Result<IndexMap<String, Member>, SpecError> {
        let mut resolved = IndexMap::new();
        for (name, ast) in members {
            let member = self.member(owned, name, ast)?;
            if self.exists(&ast.traits) && self.target_exists(&ast.target) {
                if member.traits.sensitive {
                    model.sensitive.insert(name.clone());
                }
                resolved.insert(name.clone(), member);
            }
        }
        Ok(resolved)
    }

    fn member(&self, owned: &Owned, name: &str, ast: &MemberAst) -> Result<Member, SpecError> {
        let place = format!("{}${name}", owned.id);
        let target = self.resolve(&owned.file, &place, &ast.target)?;
        if matches!(target.ast, ShapeAst::Operation(_) | ShapeAst::Resource(_) | ShapeAst::Service(_)) {
            let wrong = SpecProblem::WrongKind { target: ast.target.clone(), expected: "a data shape" };
            return Err(problem(&owned.file, Some(&place), wrong));
        }
        let beneath = self.traits(target, &target.id, target.ast.traits())?;
        let above = self.traits(owned, &place, &ast.traits)?;
        Ok(Member {
            name: name.to_owned(),
            target: simple_name(&ast.target).to_owned(),
            traits: overlay(above, beneath),
        })
    }

    fn resolve(&self, file: &str, shape: &str, target: &str) -> Result<&Owned, SpecError> {
        self.shapes.get(simple_name(target)).filter(|owned| owned.id == target).ok_or_else(|| {
            problem(file, Some(shape), SpecProblem::UnresolvedTarget { target: target.to_owned() })
        })
    }

    fn exists(&self, traits: &TraitsAst) -> bool {
        traits.edition.as_ref().and_then(|e| e.since).is_none_or(|since| since <= self.edition)
    }

    fn target_exists(&self, target: &str) -> bool {
        self.shapes.get(simple_name(target)).is_some_and(|owned| self.exists(owned.ast.traits()))
    }

    fn add_operation(&self, model: &mut ServiceModel, name: &str, owned: &Owned) -> Result<(), SpecError> {
        let ShapeAst::Operation(ast) = &owned.ast else { return Ok(()) };
        let OperationAst { input, output, errors, traits } = ast.as_ref();
        let kinds: [Marked<'_>; 2] = [
            (input, "a structure with smithy.api#input", |t| t.input.is_some()),
            (output, "a structure with smithy.api#output", |t| t.output.is_some()),
        ];
        let of_errors = errors.iter().map(|error| {
            (error, "a structure with smithy.api#error", (|t| t.error.is_some()) as fn(&TraitsAst) -> bool)
        });
        for (reference, expected, marked) in of_errors.chain(kinds) {
            let target = self.resolve(&owned.file, &owned.id, &reference.target)?;
            if !matches!(&target.ast, ShapeAst::Structure { traits, .. } if marked(traits)) {
                let wrong = SpecProblem::WrongKind { target: reference.target.clone(), expected };
                return Err(problem(&owned.file, Some(&owned.id), wrong));
            }
        }
        let operation = Operation {
            name: name.to_owned(),
            input: simple_name(&input.target).to_owned(),
            output: simple_name(&output.target).to_owned(),
            errors: errors.iter().map(|e| simple_name(&e.target).to_owned()).collect(),
            capability: traits.capability.unwrap_or_default(),
            paginated: traits.paginated.clone(),
            http: traits.http.clone(),
            depends_on: traits.depends_on.clone(),
            checksum_required: traits.http_checksum_required.is_some(),
            documentation: traits.documentation.clone(),
        };
        model.operations.insert(name.to_owned(), operation);
        Ok(())
    }

    fn add_resource(
        &self,
        model: &mut ServiceModel,
        name: &str,
        owned: &Owned,
        ast: &ResourceAst,
    ) -> Result<(), SpecError> {
        for target in ast.identifiers.values() {
            self.resolve(&owned.file, &owned.id, &target.target)?;
        }
        let operation = |reference: &Option<ShapeReference>| -> Result<Option<String>, SpecError> {
            let Some(reference) = reference else { return Ok(None) };
            self.resolve(&owned.file, &owned.id, &reference.target)?;
            Ok(self.target_exists(&reference.target).then(|| simple_name(&reference.target).to_owned()))
        };
        let view = ast.traits.view.clone().unwrap_or(View { read: String::new(), list: None });
        model.resources.push(Resource {
            name: name.to_owned(),
            identifiers: ast.identifiers.keys().cloned().collect(),
            create: operation(&ast.create)?,
            put: operation(&ast.put)?,
            read: operation(&ast.read)?,
            delete: operation(&ast.delete)?,
            list: operation(&ast.list)?,
            view,
            removal: ast.traits.removal.clone(),
            service_made: ast.traits.service_made.clone(),
        });
        Ok(())
    }
}

/// Checks that the operations that empty a resource are operations of the service.
fn check_contents(file: &str, model: &ServiceModel) -> Result<(), SpecError> {
    let removals = model.resources.iter().filter_map(|resource| Some((resource, resource.removal.as_ref()?)));
    for (resource, contents) in removals.filter_map(|(of, removal)| Some((of, removal.contents.as_ref()?))) {
        for operation in [&contents.list, &contents.delete] {
            if !model.operations.contains_key(operation) {
                let text = format!("glueproof#removal names `{operation}`, which is no operation");
                return Err(problem(file, Some(&resource.name), SpecProblem::Missing(text)));
            }
        }
    }
    Ok(())
}

/// Checks that operations depend on account-wide resources of the service.
fn check_dependencies(file: &str, model: &ServiceModel) -> Result<(), SpecError> {
    for operation in model.operations.values() {
        for name in &operation.depends_on {
            let mut account_wide = model.resources.iter().filter(|resource| resource.is_account_wide());
            if !account_wide.any(|resource| resource.name == *name) {
                let text =
                    format!("glueproof#dependsOn names `{name}`, which is no resource of the whole account");
                return Err(problem(file, Some(&operation.name), SpecProblem::Missing(text)));
            }
        }
    }
    Ok(())
}

/// Checks that what takes effect after a while is an operation of the service.
fn check_eventual(file: &str, model: &ServiceModel) -> Result<(), SpecError> {
    let mut operations = model.eventual.iter().flat_map(|eventual| &eventual.operations);
    match operations.find(|operation| !model.operations.contains_key(*operation)) {
        Some(operation) => {
            let text = format!("glueproof#eventual names `{operation}`, which is no operation");
            Err(problem(file, None, SpecProblem::Missing(text)))
        }
        None => Ok(()),
    }
}

fn protocol(traits: &TraitsAst) -> Option<Protocol> {
    let json = traits.aws_json_1_1.as_ref().map(|_| Protocol::AwsJson);
    let query = traits.aws_query.as_ref().map(|_| Protocol::AwsQuery);
    json.or(query).or(traits.rest_xml.as_ref().map(|_| Protocol::RestXml))
}
