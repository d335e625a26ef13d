//! Data models are kept, changed member by member, and generated from.

use amplify_admin::amplifybackend::input;
use amplify_admin::amplifybackend::types::{BackendApiAuthType, BackendApiResourceConfig, Status};
use serde_json::{Value, json};

use super::{APP, ENVIRONMENT, World, rejected, started};

const SCHEMA: &str = "
    type Note @model { id: ID! text: String tags: [Tag!]! author: Author of: Note }
    type Author { name: String! }
    enum Tag { WORK HOME }
";

const NONE: &str = "there is no Api notes";

fn config(schema: &str) -> BackendApiResourceConfig {
    BackendApiResourceConfig::new().transform_schema(schema)
}

fn create(config: BackendApiResourceConfig) -> input::CreateBackendApiInput {
    input::CreateBackendApiInput::new(input::CreateBackendApiInputRequired {
        app_id: APP,
        resource_config: config,
        resource_name: "notes",
        backend_environment_name: ENVIRONMENT,
    })
}

fn update(config: BackendApiResourceConfig) -> input::UpdateBackendApiInput {
    input::UpdateBackendApiInput::new(input::UpdateBackendApiInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: "notes",
    })
    .resource_config(config)
}

pub(super) async fn data_models_are_kept(world: &World) {
    let client = &world.client;
    let get = input::GetBackendApiInput::new(input::GetBackendApiInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: "notes",
    });
    let delete = input::DeleteBackendApiInput::new(input::DeleteBackendApiInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: "notes",
    });
    rejected(client.get_backend_api(get.clone()).await, 404, NONE);
    let created = client.create_backend_api(create(config(SCHEMA))).await;
    started!(created, "CreateBackendAPI");
    let again = client.create_backend_api(create(config(SCHEMA))).await;
    rejected(again, 400, "has API notes already");

    let mut nothing = update(config(SCHEMA));
    nothing.resource_config = None;
    rejected(
        client.update_backend_api(nothing).await,
        400,
        "what to change",
    );
    let change = BackendApiResourceConfig::new().api_name("Notes");
    let updated = client.update_backend_api(update(change)).await;
    started!(updated, "UpdateBackendAPI");
    let found = client.get_backend_api(get).await.expect("it is there");
    assert_eq!(found.resource_name.as_deref(), Some("notes"));
    let expected = config(SCHEMA).api_name("Notes");
    assert_eq!(found.resource_config, Some(expected));
    let other = input::GetBackendApiInput::new(input::GetBackendApiInputRequired {
        app_id: APP,
        backend_environment_name: ENVIRONMENT,
        resource_name: "other",
    });
    rejected(
        client.get_backend_api(other).await,
        404,
        "there is no Api other",
    );

    let meta = world.meta(ENVIRONMENT).await;
    assert_eq!(meta["api"]["notes"]["service"], "AppSync");
    let deleted = client.delete_backend_api(delete.clone()).await;
    started!(deleted, "DeleteBackendAPI");
    rejected(client.delete_backend_api(delete).await, 404, NONE);
    assert_eq!(world.meta(ENVIRONMENT).await["api"], Value::Null);
}

pub(super) async fn invalid_schemas_are_rejected(world: &World) {
    let client = &world.client;
    let wrong = create(config("type {"));
    let why = "transformSchema: schema parse error: Parse error at 1:6; Unexpected `{";
    rejected(client.create_backend_api(wrong).await, 400, why);
    let deep = create(config(&format!("type A {{ a: {}", "[".repeat(30_000))));
    let why = "Recursion limit exceeded";
    rejected(client.create_backend_api(deep).await, 400, why);
    let types = vec![BackendApiAuthType::new(); 51];
    let many = create(BackendApiResourceConfig::new().additional_auth_types(types));
    let why = "50 AdditionalAuthTypes at most";
    rejected(client.create_backend_api(many).await, 429, why);
    let none = create(BackendApiResourceConfig::new());
    started!(client.create_backend_api(none).await, "CreateBackendAPI");
    let wrong = update(config("type {"));
    rejected(
        client.update_backend_api(wrong).await,
        400,
        "transformSchema",
    );
    let generate =
        input::GenerateBackendApiModelsInput::new(input::GenerateBackendApiModelsInputRequired {
            app_id: APP,
            backend_environment_name: ENVIRONMENT,
            resource_name: "notes",
        });
    let generated = client.generate_backend_api_models(generate).await;
    rejected(generated, 400, "no transformSchema");
}

pub(super) async fn models_are_made_of_a_schema(world: &World) {
    let client = &world.client;
    let models = async || {
        let get = input::GetBackendApiModelsInput::new(input::GetBackendApiModelsInputRequired {
            app_id: APP,
            backend_environment_name: ENVIRONMENT,
            resource_name: "notes",
        });
        client.get_backend_api_models(get).await
    };
    let generate =
        input::GenerateBackendApiModelsInput::new(input::GenerateBackendApiModelsInputRequired {
            app_id: APP,
            backend_environment_name: ENVIRONMENT,
            resource_name: "notes",
        });
    rejected(models().await, 404, NONE);
    let generated = client.generate_backend_api_models(generate.clone()).await;
    rejected(generated, 404, NONE);
    let created = client.create_backend_api(create(config(SCHEMA))).await;
    started!(created, "CreateBackendAPI");
    let nothing = models().await.expect("the API is there");
    assert_eq!(nothing.status, Some(Status::Stale));
    assert_eq!(nothing.models, None);

    let generated = client.generate_backend_api_models(generate).await;
    started!(generated, "GenerateBackendAPIModels");
    let made = models().await.expect("they are made");
    assert_eq!(made.status, Some(Status::Latest));
    let introspection = parse(made.model_introspection_schema.as_deref());
    assert_eq!(introspection, expected());
    let store = parse(made.models.as_deref());
    assert_eq!(store["models"], introspection["models"]);

    let change = update(config("type Task @model { id: ID! }"));
    let updated = client.update_backend_api(change).await;
    started!(updated, "UpdateBackendAPI");
    let stale = models().await.expect("they are still there");
    assert_eq!(stale.status, Some(Status::Stale));
    assert_eq!(stale.models, made.models);
}

fn parse(text: Option<&str>) -> Value {
    serde_json::from_str(text.expect("there are models")).expect("they are JSON")
}

/// What is made of [`SCHEMA`].
fn expected() -> Value {
    let field = |name: &str, array: bool, of: Value, required: bool| {
        json!({
            "name": name, "isArray": array, "type": of, "isRequired": required, "attributes": [],
        })
    };
    json!({
        "version": 1,
        "models": { "Note": {
            "name": "Note",
            "pluralName": "Notes",
            "syncable": true,
            "attributes": [{ "type": "model", "properties": {} }],
            "fields": {
                "id": field("id", false, json!("ID"), true),
                "text": field("text", false, json!("String"), false),
                "tags": field("tags", true, json!({ "enum": "Tag" }), true),
                "author": field("author", false, json!({ "nonModel": "Author" }), false),
                "of": field("of", false, json!({ "model": "Note" }), false),
            },
        } },
        "enums": { "Tag": { "name": "Tag", "values": ["WORK", "HOME"] } },
        "nonModels": { "Author": {
            "name": "Author",
            "fields": { "name": field("name", false, json!("String"), true) },
        } },
    })
}
