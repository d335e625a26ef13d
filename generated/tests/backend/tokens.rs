//! Tokens are good for ten minutes.

use amplify_admin::amplifybackend::input;

use super::{APP, World, rejected};

pub(super) async fn tokens_expire(world: &World) {
    let client = &world.client;
    let create = async |app| {
        let input = input::CreateTokenInput::new(app);
        client.create_token(input).await
    };
    let get = async |session: &str| {
        let input = input::GetTokenInput::new(input::GetTokenInputRequired {
            app_id: APP,
            session_id: session,
        });
        client.get_token(input).await
    };
    let delete = async |session: &str| {
        let input = input::DeleteTokenInput::new(input::DeleteTokenInputRequired {
            app_id: APP,
            session_id: session,
        });
        client.delete_token(input).await
    };
    let one = create(APP).await.expect("a token");
    let two = create(APP).await.expect("a token");
    assert_eq!(one.ttl, "1700000600");
    assert_ne!(one.session_id, two.session_id);
    assert_ne!(one.challenge_code, two.challenge_code);
    world.wait(599);
    let found = get(&one.session_id).await.expect("it is good until then");
    assert_eq!(found.challenge_code, one.challenge_code);
    assert_eq!((found.app_id, found.ttl), (one.app_id, one.ttl));
    assert!(
        delete(&two.session_id)
            .await
            .expect("it is there")
            .is_success
    );
    rejected(get(&two.session_id).await, 404, "has no token");
    rejected(delete(&two.session_id).await, 404, "has no token");
    world.wait(1);
    let late = get(&one.session_id).await;
    let text = late
        .as_ref()
        .map_or_else(ToString::to_string, |_| String::new());
    assert!(!text.contains(&one.session_id), "{text}");
    rejected(late, 404, "has no token");
    rejected(delete(&one.session_id).await, 404, "has no token");
    rejected(create("d2").await, 404, "there is no App d2");
}
