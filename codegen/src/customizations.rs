//! What AWS adds to its services outside their models, by the SDK ID of the service.
//!
//! **Invariant:** no other file of the generator or the runtime names a service, except for the
//! built-in parameters of endpoint rules, some of which are those of one service and have its name
//! in Smithy's specification. An entry that no published model needs fails a test
//! (`tests/tests/published.rs`).

use drawplate_model::Model;
use drawplate_model::model::{
    Binding, ErrorTrait, Fault, Kind, Member, Operation, Protocol, Segment, Service, ServiceId,
    Simple,
};

/// What AWS adds to a service.
pub(crate) struct Customization {
    /// The ID of the service (`sdkId` of `aws.api#service`).
    pub(crate) sdk_id: &'static str,
    pub(crate) signing: Option<SigningRules>,
    pub(crate) virtual_hosts: Option<VirtualHosts>,
    /// A response with a successful status may be an error, which the service has found after it
    /// had sent the status.
    pub(crate) errors_in_success: bool,
    /// The statuses of errors whose shapes lack `httpError`, by name. Responses without a body name
    /// their error by the status alone.
    pub(crate) error_statuses: &'static [(&'static str, u16)],
    /// The shapes of IDs that the service returns with a prefix, as in `/hostedzone/Z1`, and
    /// expects without it as members of inputs.
    pub(crate) prefixed_ids: &'static [&'static str],
    /// Headers of all requests, in lower case, unless the input sets them.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// A label of paths, and the text that is sent if it is empty.
    pub(crate) default_label: Option<(&'static str, &'static str)>,
    /// Bodies that are streams have a tree hash in this header.
    pub(crate) tree_hash: Option<&'static str>,
    /// Operations that AWS never authenticates: their inputs have credentials of another kind.
    pub(crate) public_operations: &'static [&'static str],
    /// An operation, and the member of its input with the URL that it is sent to.
    pub(crate) endpoint_member: Option<(&'static str, &'static str)>,
    /// The resources that are in regions of their own.
    pub(crate) region_redirects: Option<RegionRedirects>,
}

/// Resources in regions of their own. A response to a request that was sent to another region
/// names the one of the resource.
#[derive(Clone, Copy)]
pub(crate) struct RegionRedirects {
    /// The parameter of the endpoint rules that names the resource.
    pub(crate) parameter: &'static str,
    /// The header of responses with the region, in lower case.
    pub(crate) header: &'static str,
    /// The error codes of requests that were sent to another region.
    pub(crate) codes: &'static [&'static str],
    /// The operation that creates a resource.
    pub(crate) creation: &'static str,
}

/// How signatures of a service differ from those of others.
#[derive(Clone, Copy)]
pub(crate) struct SigningRules {
    /// They cover the path as it is sent, not normalized and not encoded once more.
    pub(crate) raw_path: bool,
    /// They cover the header `x-amz-content-sha256`, with the hash of the body.
    pub(crate) payload_header: bool,
    /// In a query, they do not cover the body.
    pub(crate) unsigned_presigned: bool,
}

/// A service whose paths start with a label that can be the first label of the host instead.
///
/// Hosts are written without the domain of AWS, and `{region}` is the region.
#[derive(Clone, Copy)]
pub(crate) struct VirtualHosts {
    /// The member of inputs that is the label.
    pub(crate) member: &'static str,
    pub(crate) dual_stack: &'static str,
    pub(crate) accelerated: &'static str,
    pub(crate) accelerated_dual_stack: &'static str,
}

impl Customization {
    /// A service to which AWS adds nothing.
    const NONE: Self = Self {
        sdk_id: "",
        signing: None,
        virtual_hosts: None,
        errors_in_success: false,
        error_statuses: &[],
        prefixed_ids: &[],
        headers: &[],
        default_label: None,
        tree_hash: None,
        region_redirects: None,
        public_operations: &[],
        endpoint_member: None,
    };
}

const CUSTOMIZATIONS: [Customization; 6] = [
    Customization {
        sdk_id: "API Gateway",
        // REST API reference of Amazon API Gateway, "Making HTTP requests": the default is HAL.
        headers: &[("accept", "application/json")],
        ..Customization::NONE
    },
    Customization {
        sdk_id: "Glacier",
        // Developer guide of Amazon Glacier, "Common request headers".
        headers: &[("x-amz-glacier-version", "2012-06-01")],
        // The same, "Upload archive": the account of the credentials.
        default_label: Some(("accountId", "-")),
        // The same, "Computing checksums", and "Common request headers" for the hash of the body.
        tree_hash: Some("x-amz-sha256-tree-hash"),
        signing: Some(SigningRules {
            raw_path: false,
            payload_header: true,
            unsigned_presigned: false,
        }),
        ..Customization::NONE
    },
    Customization {
        sdk_id: "Machine Learning",
        // Smithy, "Amazon Machine Learning Customizations".
        endpoint_member: Some(("Predict", "PredictEndpoint")),
        ..Customization::NONE
    },
    Customization {
        sdk_id: "Route 53",
        // Developer guide of Amazon Route 53, "Actions": IDs in responses are paths of resources.
        prefixed_ids: &["ChangeId", "ResourceId"],
        ..Customization::NONE
    },
    Customization {
        sdk_id: "S3",
        // API reference of Amazon S3, "Authenticating requests (AWS Signature Version 4)".
        signing: Some(SigningRules {
            raw_path: true,
            payload_header: true,
            unsigned_presigned: true,
        }),
        // Smithy, "Amazon S3 Customizations", "S3 Bucket Addressing".
        virtual_hosts: Some(VirtualHosts {
            member: "Bucket",
            dual_stack: "s3.dualstack.{region}",
            accelerated: "s3-accelerate",
            accelerated_dual_stack: "s3-accelerate.dualstack",
        }),
        // API reference of Amazon S3, "CopyObject" and "CompleteMultipartUpload".
        errors_in_success: true,
        // API reference of Amazon S3, "HeadBucket" and "HeadObject".
        error_statuses: &[("NotFound", 404)],
        // User guide of Amazon S3, "Making requests using the REST API", "Redirection"; API
        // reference, "List of error codes" and "HeadBucket".
        region_redirects: Some(RegionRedirects {
            parameter: "Bucket",
            header: "x-amz-bucket-region",
            codes: &[
                "AuthorizationHeaderMalformed",
                "IllegalLocationConstraintException",
                "PermanentRedirect",
            ],
            creation: "CreateBucket",
        }),
        ..Customization::NONE
    },
    Customization {
        sdk_id: "STS",
        // API reference of AWS STS, "AssumeRoleWithSAML" and "AssumeRoleWithWebIdentity": "does not
        // require the use of AWS security credentials".
        public_operations: &["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"],
        ..Customization::NONE
    },
];

/// The SDK IDs of the services to which AWS adds something outside their models.
pub fn customized_services() -> impl Iterator<Item = &'static str> {
    CUSTOMIZATIONS
        .iter()
        .map(|customization| customization.sdk_id)
}

/// What the table adds to a service although none of the models, which are as they were resolved,
/// needs it.
pub fn unused_customizations(models: &[Model]) -> Vec<String> {
    let unused = |customization: &'static Customization| {
        let services = models.iter().flat_map(|model| {
            let services = model.services.values();
            services.map(move |service| (model, service))
        });
        let services = services
            .filter(|(_, service)| service.sdk_id.as_deref() == Some(customization.sdk_id))
            .collect::<Vec<_>>();
        let needs = customization.needs().into_iter();
        let unused = needs.filter(move |(_, is_met)| {
            !services
                .iter()
                .any(|(model, service)| is_met(model, service))
        });
        unused.map(|(need, _)| format!("{}: {need}", customization.sdk_id))
    };
    CUSTOMIZATIONS.iter().flat_map(unused).collect()
}

/// A part of a customization, and whether a service needs it.
type Need = (&'static str, Box<dyn Fn(&Model, &Service) -> bool>);

/// The customization of a service.
pub(crate) fn customization(service: &Service) -> Option<&'static Customization> {
    let sdk_id = service.sdk_id.as_deref();
    let mut all = CUSTOMIZATIONS.iter();
    all.find(|customization| Some(customization.sdk_id) == sdk_id)
}

impl Customization {
    fn needs(&'static self) -> Vec<Need> {
        let Self {
            sdk_id: _,
            signing,
            virtual_hosts,
            errors_in_success,
            error_statuses,
            prefixed_ids,
            headers,
            default_label,
            tree_hash,
            region_redirects,
            public_operations,
            endpoint_member,
        } = self;
        let mut needs: Vec<Need> = Vec::new();
        if signing.is_some() {
            let is_signed = |_: &Model, service: &Service| service.signing_name.is_some();
            needs.push(("signing", Box::new(is_signed)));
        }
        if virtual_hosts.is_some() {
            let has_hosts = |model: &Model, service: &Service| {
                let mut operations = model.operations_of(service);
                operations.any(|operation| self.has_virtual_host(model, operation))
            };
            needs.push(("virtual_hosts", Box::new(has_hosts)));
        }
        if *errors_in_success {
            let is_xml =
                |_: &Model, service: &Service| service.protocols.contains(&Protocol::RestXml);
            needs.push(("errors_in_success", Box::new(is_xml)));
        }
        for (name, _) in *error_statuses {
            let lacks_status = |model: &Model, service: &Service| {
                let mut shapes = service.shapes.iter().map(|id| &model.shapes[*id]);
                shapes.any(|shape| {
                    let error = service.error(shape);
                    shape.name.name() == *name && error.as_ref().is_some_and(has_default_status)
                })
            };
            needs.push((name, Box::new(lacks_status)));
        }
        for shape in *prefixed_ids {
            let has_id = |model: &Model, service: &Service| {
                let mut operations = model.operations_of(service);
                operations.any(|operation| {
                    let mut members = model.shapes[operation.input].kind.members();
                    members.any(|member| model.shapes[member.target].name.name() == *shape)
                })
            };
            needs.push((shape, Box::new(has_id)));
        }
        for (name, _) in *headers {
            let has_operations = |_: &Model, service: &Service| !service.operations.is_empty();
            needs.push((name, Box::new(has_operations)));
        }
        if default_label.is_some() {
            let has_label = |model: &Model, service: &Service| {
                let mut operations = model.operations_of(service);
                operations.any(|operation| self.default_label(model, operation).is_some())
            };
            needs.push(("default_label", Box::new(has_label)));
        }
        if tree_hash.is_some() {
            let has_hash = |model: &Model, service: &Service| {
                let mut operations = model.operations_of(service);
                operations.any(|operation| self.tree_hash(model, operation).is_some())
            };
            needs.push(("tree_hash", Box::new(has_hash)));
        }
        if let Some(redirects) = *region_redirects {
            let has_parameter = move |_: &Model, service: &Service| {
                let rules = service.endpoint_rules.iter();
                let mut parameters = rules.flat_map(|rules| &rules.parameters);
                parameters.any(|parameter| *parameter.name == *redirects.parameter)
            };
            needs.push(("region_redirects", Box::new(has_parameter)));
            let has_creation = move |model: &Model, service: &Service| {
                let mut operations = model.operations_of(service);
                operations.any(|operation| operation.name.name() == redirects.creation)
            };
            needs.push(("region_redirects.creation", Box::new(has_creation)));
        }
        for name in *public_operations {
            let requires_auth = |model: &Model, service: &Service| {
                let mut operations = model.operations_of(service);
                operations.any(|operation| {
                    operation.name.name() == *name && service.requires_auth(operation)
                })
            };
            needs.push((name, Box::new(requires_auth)));
        }
        if endpoint_member.is_some() {
            let has_member = |model: &Model, service: &Service| {
                let mut operations = model.operations_of(service);
                operations.any(|operation| self.endpoint_member(model, operation).is_some())
            };
            needs.push(("endpoint_member", Box::new(has_member)));
        }
        needs
    }

    /// Whether generated code needs the part of the runtime that customizes services.
    pub(crate) fn is_in_runtime(&self) -> bool {
        self.virtual_hosts.is_some()
            || self.errors_in_success
            || !self.prefixed_ids.is_empty()
            || !self.headers.is_empty()
            || self.default_label.is_some()
            || self.tree_hash.is_some()
            || self.region_redirects.is_some()
            || self.endpoint_member.is_some()
    }

    /// The member of an operation's input with the URL that it is sent to, by index.
    pub(crate) fn endpoint_member(&self, model: &Model, operation: &Operation) -> Option<usize> {
        let (name, endpoint) = self.endpoint_member?;
        let mut members = model.shapes[operation.input].kind.members();
        let index = members.position(|member| {
            let target = &model.shapes[member.target].kind;
            *member.name == *endpoint && matches!(target, Kind::Simple(Simple::String))
        });
        index.filter(|_| operation.name.name() == name)
    }

    /// The label of an operation's path that has a default: the index of its member, and the text.
    pub(crate) fn default_label(
        &self,
        model: &Model,
        operation: &Operation,
    ) -> Option<(usize, &'static str)> {
        let (name, text) = self.default_label?;
        let mut members = model.shapes[operation.input].kind.members();
        let index = members
            .position(|member| *member.name == *name && matches!(member.binding, Binding::Label))?;
        Some((index, text))
    }

    /// The header for the tree hash of an operation's body.
    pub(crate) fn tree_hash(&self, model: &Model, operation: &Operation) -> Option<&'static str> {
        let header = self.tree_hash?;
        let members = || model.shapes[operation.input].kind.members();
        let is_header = |member: &Member| match &member.binding {
            Binding::Header(name) => name.eq_ignore_ascii_case(header),
            _ => false,
        };
        let has_both = members().any(is_header) && members().any(|member| member.streaming);
        has_both.then_some(header)
    }

    /// Whether the first label of an operation's path can be a part of the host.
    pub(crate) fn has_virtual_host(&self, model: &Model, operation: &Operation) -> bool {
        let first = operation.http.as_ref();
        let first = first.and_then(|http| http.uri.segments.first());
        let (Some(hosts), Some(Segment::Label(index, _))) = (self.virtual_hosts, first) else {
            return false;
        };
        let mut members = model.shapes[operation.input].kind.members();
        let member = members.nth(*index);
        member.is_some_and(|member| *member.name == *hosts.member)
    }

    /// The members of an operation's input that are IDs without their prefixes, by index.
    pub(crate) fn prefixed_ids(&self, model: &Model, operation: &Operation) -> Vec<usize> {
        let members = model.shapes[operation.input].kind.members().enumerate();
        let ids = members.filter(|(_, member)| {
            let shape = model.shapes[member.target].name.name();
            self.prefixed_ids.contains(&shape)
        });
        ids.map(|(index, _)| index).collect()
    }
}

/// Corrects the models of customized services.
pub(crate) fn correct(models: &mut [Model]) {
    for model in models {
        let services = model.services.iter();
        let services = services.filter_map(|(id, service)| Some((id, customization(service)?)));
        for (id, customization) in services.collect::<Vec<_>>() {
            set_error_statuses(model, id, customization);
            set_public(model, id, customization);
        }
    }
}

/// Lists no authentication scheme for operations that AWS never authenticates.
fn set_public(model: &mut Model, service: ServiceId, customization: &Customization) {
    for id in &model.services[service].operations {
        let operation = &mut model.operations[*id];
        let name = operation.name.name();
        if customization.public_operations.contains(&name) {
            operation.auth = Some(Vec::new());
        }
    }
}

/// Whether an error has the status that errors without the trait `httpError` have.
fn has_default_status(error: &ErrorTrait) -> bool {
    match error.fault {
        Fault::Client => error.status == 400,
        Fault::Server => error.status == 500,
    }
}

fn set_error_statuses(model: &mut Model, service: ServiceId, customization: &Customization) {
    for id in &model.services[service].shapes {
        let shape = &mut model.shapes[*id];
        let name = shape.name.name();
        let mut statuses = customization.error_statuses.iter();
        let status = statuses.find(|(error, _)| *error == name);
        if let (Some((_, status)), Kind::Structure(structure)) = (status, &mut shape.kind)
            && let Some(error) = &mut structure.error
            && has_default_status(error)
        {
            error.status = *status;
        }
    }
}
