//! Encrypts data with a key of AWS KMS, and signs with another.

use std::env;

use anyhow::{Context as _, bail, ensure};
use kms::kms::client::EnvironmentCredentials;
use kms::kms::error::DescribeKeyError;
use kms::kms::input::{
    CreateAliasRequest, CreateAliasRequestRequired, CreateKeyRequest, DecryptRequest,
    DescribeKeyRequest, EncryptRequest, GenerateDataKeyRequest, GetPublicKeyRequest,
    ListKeysRequest, ScheduleKeyDeletionRequest, SignRequest, SignRequestRequired,
};
use kms::kms::types::{DataKeySpec, KeySpec, KeyState, KeyUsageType, SigningAlgorithmSpec};
use kms::kms::{Client, Error};

const ALIAS: &str = "alias/weather";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = client()?;
    let input = CreateKeyRequest::new().description("rain & <sun>");
    let key = create(&client, input).await.context("a key is created")?;
    encrypt(&client, &key).await.context("data is encrypted")?;
    sign(&client).await.context("data is signed")?;
    delete(&client, &key).await.context("the key is deleted")
}

/// A client with the settings of the environment.
fn client() -> anyhow::Result<Client> {
    let region = env::var("AWS_REGION").context("AWS_REGION is not set")?;
    let credentials = EnvironmentCredentials::new();
    let mut builder = Client::builder()
        .region(&*region)
        .sigv4(credentials, &*region);
    if let Ok(endpoint) = env::var("AWS_ENDPOINT_URL") {
        builder = builder.endpoint(endpoint);
    }
    Ok(builder.build()?)
}

/// Creates a key, and returns its ID.
async fn create(client: &Client, input: CreateKeyRequest) -> anyhow::Result<String> {
    let created = client.create_key(input).await?.key_metadata;
    let id = created.context("it is described")?.key_id;
    let mut keys = client.list_keys_items(ListKeysRequest::new());
    while let Some(key) = keys.next().await {
        if key?.key_id.as_deref() == Some(&*id) {
            return Ok(id);
        }
    }
    bail!("it is not listed");
}

async fn encrypt(client: &Client, key: &str) -> anyhow::Result<()> {
    let alias = CreateAliasRequestRequired {
        alias_name: ALIAS,
        target_key_id: key,
    };
    client.create_alias(CreateAliasRequest::new(alias)).await?;
    let context = [("station", "north")];
    let input = EncryptRequest::new(ALIAS, vec![0, 1, 255]).encryption_context(context);
    let encrypted = client.encrypt(input).await?.ciphertext_blob;
    let encrypted = encrypted.context("there is a ciphertext")?;
    let input = DecryptRequest::new(encrypted).encryption_context(context);
    let decrypted = client.decrypt(input).await?.plaintext;
    ensure!(decrypted == Some(vec![0, 1, 255].into()));

    let input = GenerateDataKeyRequest::new(key).key_spec(DataKeySpec::Aes256);
    let generated = client.generate_data_key(input).await?;
    let plaintext = generated.plaintext.context("there is a plaintext")?;
    ensure!(plaintext.as_ref().len() == 32);
    let encrypted = generated.ciphertext_blob.context("and a ciphertext")?;
    let decrypted = client.decrypt(DecryptRequest::new(encrypted)).await?;
    ensure!(decrypted.plaintext == Some(plaintext));
    Ok(())
}

async fn sign(client: &Client) -> anyhow::Result<()> {
    let input = CreateKeyRequest::new()
        .key_usage(KeyUsageType::SignVerify)
        .key_spec(KeySpec::EccNistP256);
    let key = &*create(client, input).await?;
    let public = client.get_public_key(GetPublicKeyRequest::new(key)).await?;
    let algorithms = public.signing_algorithms.unwrap_or_default();
    ensure!(algorithms == [SigningAlgorithmSpec::EcdsaSha256]);
    ensure!(public.public_key.is_some());
    let input = SignRequest::new(SignRequestRequired {
        key_id: key,
        message: b"it rains".to_vec(),
        signing_algorithm: SigningAlgorithmSpec::EcdsaSha256,
    });
    let signature = client.sign(input).await?.signature;
    ensure!(signature.is_some_and(|signature| !signature.as_ref().is_empty()));
    Ok(())
}

async fn delete(client: &Client, key: &str) -> anyhow::Result<()> {
    let input = ScheduleKeyDeletionRequest::new(key).pending_window_in_days(7);
    let scheduled = client.schedule_key_deletion(input).await?;
    ensure!(scheduled.deletion_date.is_some());
    let described = client.describe_key(DescribeKeyRequest::new(key)).await?;
    let state = described.key_metadata.and_then(|key| key.key_state);
    ensure!(state == Some(KeyState::PendingDeletion));

    let missing = DescribeKeyRequest::new("01234567-89ab-cdef-0123-456789abcdef");
    match client.describe_key(missing).await {
        Err(Error::Service(DescribeKeyError::NotFoundException(_))) => Ok(()),
        other => bail!("there is no such key: {other:?}"),
    }
}
