//! AWS KMS.

use drawplate_published::kms::error::DescribeKeyError;
use drawplate_published::kms::input::{
    CreateAliasRequest, CreateAliasRequestRequired, CreateKeyRequest, DecryptRequest,
    DescribeKeyRequest, EncryptRequest, GenerateDataKeyRequest, ScheduleKeyDeletionRequest,
};
use drawplate_published::kms::types::{DataKeySpec, KeyState};
use drawplate_published::kms::{Client, Error};

use crate::server::Moto;

pub(crate) fn a_key() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let input = CreateKeyRequest::new().description("rain & <sun>");
    let created = moto.run(client.create_key(input)).expect("a key");
    let key = &*created.key_metadata.expect("it is described").key_id;
    let alias_name = "alias/weather";
    let input = CreateAliasRequest::new(CreateAliasRequestRequired {
        alias_name,
        target_key_id: key,
    });
    moto.run(client.create_alias(input)).expect("an alias");

    let context = [("station", "north")];
    let input = EncryptRequest::new(alias_name, vec![0, 1, 255]).encryption_context(context);
    let encrypted = moto.run(client.encrypt(input)).expect("a ciphertext");
    let encrypted = encrypted.ciphertext_blob.expect("a ciphertext");
    let input = DecryptRequest::new(encrypted).encryption_context(context);
    let decrypted = moto.run(client.decrypt(input)).expect("a plaintext");
    assert_eq!(decrypted.plaintext, Some(vec![0, 1, 255].into()));

    let input = GenerateDataKeyRequest::new(key).key_spec(DataKeySpec::Aes256);
    let generated = moto
        .run(client.generate_data_key(input))
        .expect("a data key");
    let plaintext = generated.plaintext.expect("its plaintext");
    assert_eq!(plaintext.as_ref().len(), 32);
    let input = DecryptRequest::new(generated.ciphertext_blob.expect("its ciphertext"));
    let decrypted = moto.run(client.decrypt(input)).expect("a plaintext");
    assert_eq!(decrypted.plaintext, Some(plaintext));

    let input = ScheduleKeyDeletionRequest::new(key).pending_window_in_days(7);
    let scheduled = moto.run(client.schedule_key_deletion(input));
    assert!(
        scheduled
            .expect("it will be deleted")
            .deletion_date
            .is_some()
    );
    let described = moto.run(client.describe_key(DescribeKeyRequest::new(key)));
    let described = described.expect("the key").key_metadata;
    let state = described.and_then(|key| key.key_state);
    assert_eq!(state, Some(KeyState::PendingDeletion));
}

pub(crate) fn errors() {
    let moto = Moto::start();
    let client = moto.client(Client::builder());
    let missing = "01234567-89ab-cdef-0123-456789abcdef";
    let failed = moto.run(client.describe_key(DescribeKeyRequest::new(missing)));
    let failed = failed.expect_err("there is no such key");
    assert!(
        matches!(
            failed,
            Error::Service(DescribeKeyError::NotFoundException(_))
        ),
        "{failed:?}"
    );
}
