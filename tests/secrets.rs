//! The canary: a planted secret is in no output, of any renderer, at any severity.

mod linted;

use gluelint::lint::{Options, Report, lint_bytes, lint_unit, redact};
use gluelint::spec::{self, Severity};
use gluelint::text::{Source, Unit};
use linted::{CANARY, rendered};

/// Everything that may be said of a document, in every format.
fn render_all(name: &str, bytes: Vec<u8>) -> Vec<(String, String)> {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let mut report = Report::default();
    report.add(lint_bytes(name, bytes, &options));
    rendered(&report)
}

#[track_caller]
fn assert_hidden(name: &str, document: &str) -> usize {
    assert!(document.contains(CANARY), "there is a canary to hide");
    let outputs = render_all(name, document.as_bytes().to_vec());
    for (renderer, output) in &outputs {
        assert!(
            !output.contains(CANARY),
            "{renderer} tells the secret of:\n{document}\n{output}"
        );
    }
    let unit = Unit::of(Source::new(name, document));
    for redacted in redact(&unit, None) {
        let text = redacted.text;
        let masked = lint_bytes(name, text.clone().into_bytes(), &Options::default());
        let mut rules = masked.findings.iter().map(|finding| finding.rule.name);
        assert!(
            !rules.any(|rule| matches!(rule, "plaintext-password" | "password-in-url")),
            "masks are taken for a secret:\n{document}\n{text}"
        );
        assert!(
            !text.contains(CANARY),
            "redaction leaves the secret of:\n{document}\n{text}"
        );
    }
    outputs.iter().map(|(_, output)| output.len()).sum()
}

/// A defect beside the secret, so that there are findings and their context lines to show.
fn with_defects(kind: &str, key: &str, value: &str) -> String {
    format!(
        "Name: orders\nConnectionType: {kind}\nConnectionProperties:\n  PORT: \"80\"\n  {key}: {value}\n  \
         JDBC_ENFORCE_SSL: \"yes\"\n  KAFKA_SASL_MECHANISM: SCRAM\nBogus: 1\n"
    )
}

#[test]
fn every_secret_property_is_hidden_in_every_notation() {
    for property in spec::properties().iter().filter(|property| property.secret) {
        for value in [
            CANARY.to_owned(),
            format!("\"{CANARY}\""),
            format!("'it''s {CANARY}'"),
            format!("\"x\\u0020{CANARY}\\n\""),
            format!("|\n    {CANARY}\n    {CANARY}"),
            format!(">-\n    {CANARY}\n    more {CANARY}"),
            format!("{CANARY}\n    {CANARY}"),
            format!("&anchor {CANARY}"),
            format!("\u{200B}{CANARY} "),
            format!("[{CANARY}]"),
            format!("{{{CANARY}: {CANARY}}}"),
        ] {
            for kind in ["JDBC", "KAFKA", "CUSTOM"] {
                assert_hidden("a.yaml", &with_defects(kind, property.key, &value));
            }
        }
        let json = serde_json::json!({"ConnectionInput": {
            "Name": "orders",
            "ConnectionType": "JDBC",
            "ConnectionProperties": {property.key: CANARY, "PORT": 80},
            "Bogus": 1
        }});
        assert_hidden("a.json", &json.to_string());
        assert_hidden("a.json", &serde_json::to_string_pretty(&json).unwrap());
        let output = json.to_string().replace("ConnectionInput", "Connection");
        assert_hidden("a.json", &output);
    }
}

#[test]
fn credentials_inside_urls_are_hidden() {
    for url in [
        "jdbc:postgresql://etl:CANARY@db.example.org:80/orders",
        "jdbc:postgres://db.example.org:80/orders?user=etl&password=CANARY",
        "jdbc:postgresql://db.example.org/orders?password=CANARY&sslmode=disable",
        "jdbc:sqlserver://db.example.org:1433/x;user=etl;password=CANARY;encrypt=false",
        "jdbc:oracle:thin:etl/CANARY@db.example.org:1521:ORCL",
        "jdbc:snowflake://acct.snowflakecomputing.com/?user=etl&private_key_file_pwd=CANARY",
        "postgresql://etl:CANARY@db.example.org/orders",
        "jdbc:mysql://etl:CANARY@db.example.org /orders",
        "jdbc:mysql://etl:p/CANARY@db.example.org/orders",
        "mongodb://etl:CANARY@a.example.org:1,b.example.org:99999/orders",
        "mongodb+srv://etl:CANARY@a.example.org:27017/orders?tls=false",
        "https://etl:CANARY@a.example.org/orders",
        "jdbc:mysql://etl:CANARY",
        "jdbc:mysql://etl:CANARY/orders",
        "etl:CANARY@db.example.org",
    ] {
        let url = url.replace("CANARY", CANARY);
        for key in [
            "JDBC_CONNECTION_URL",
            "CONNECTION_URL",
            "HOST",
            "CONNECTOR_URL",
            "JDBC_PARAMS",
            "Jdbc_Url",
            "BOGUS",
        ] {
            for kind in ["JDBC", "MONGODB"] {
                if !url.contains("://") && key != "HOST" {
                    continue;
                }
                assert_hidden("a.yaml", &with_defects(kind, key, &format!("\"{url}\"")));
                assert_hidden(
                    "a.yaml",
                    &with_defects(kind, key, &format!(">-\n    {url}")),
                );
            }
        }
    }
}

#[test]
fn credentials_of_the_authentication_configuration_are_hidden() {
    let document = format!(
        "ConnectionInput:\n  Name: orders\n  ConnectionType: SALESFORCE\n  ConnectionProperties: {{INSTANCE_URL: x}}\n  \
         AuthenticationConfiguration:\n    AuthenticationType: Basic\n    \
         BasicAuthenticationCredentials: {{Username: etl, Password: {CANARY}}}\n    \
         CustomAuthenticationCredentials: {{api: {CANARY}, other: {CANARY}}}\n    OAuth2Properties:\n      \
         OAuth2GrantType: JWT\n      AuthorizationCodeProperties: {{AuthorizationCode: \"a {CANARY}\", RedirectUri: ftp}}\n      \
         OAuth2Credentials:\n        AccessToken: \"{CANARY}\u{E9}\"\n        RefreshToken: {CANARY}\n        \
         JwtToken: {CANARY}\n        UserManagedClientApplicationClientSecret: {CANARY}\n      \
         TokenUrl: https://etl:{CANARY}@example.org/token\n      \
         TokenUrlParametersMap: {{client_secret: {CANARY}}}\n"
    );
    assert!(
        assert_hidden("a.yaml", &document) > 2000,
        "there are findings to render"
    );
}

#[test]
fn credentials_in_templates_are_hidden() {
    let document = format!(
        "Parameters:\n  DbPassword:\n    Type: String\n    NoEcho: true\n    Default: {CANARY}\n  \
         Other:\n    Type: String\n    Default: {CANARY}\n  Port: {{Type: String, Default: \"80\"}}\n\
         Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: {CANARY}\n  \
         Orders:\n    Type: AWS::Glue::Connection\n    Properties:\n      Bogus: 1\n      ConnectionInput:\n        \
         Name: orders\n        ConnectionType: JDBC\n        ConnectionProperties:\n          \
         JDBC_CONNECTION_URL: !Sub \"jdbc:mysql://h.example.org:${{Port}}/x?password=${{Other}}\"\n          \
         PORT: !Ref Port\n          PASSWORD: !If [A, !Ref Other, {CANARY}]\n          USER_NAME: etl\n          \
         HOST: !Join [\"\", [\"etl:{CANARY}@\", !Ref Host]]\n          JDBC_PARAMS: !Sub \"x;password={CANARY}\"\n"
    );
    assert!(assert_hidden("template.yaml", &document) > 2000);
    let text = serde_json::json!({"PASSWORD": CANARY, "PORT": 80, "USER_NAME": "x"}).to_string();
    let json = serde_json::json!({"Resources": {"A": {"Type": "AWS::Glue::Connection", "Properties": {
        "CatalogId": "1", "ConnectionInput": {
            "ConnectionType": "JDBC", "ConnectionProperties": text}}}}});
    assert!(
        assert_hidden(
            "template.json",
            &serde_json::to_string_pretty(&json).unwrap()
        ) > 500
    );
    let spark =
        serde_json::json!({"sfUrl": "x", "sfPassword": CANARY, "token": CANARY}).to_string();
    let json = serde_json::json!({"Name": "a", "ConnectionType": "SNOWFLAKE", "ConnectionProperties":
        {"SparkProperties": spark, "PORT": 80}, "SparkProperties": {"password": CANARY}});
    assert!(assert_hidden("a.json", &json.to_string()) > 500);
}

#[test]
fn a_secret_is_hidden_where_an_alias_takes_it_from() {
    let document = format!(
        "x: &pw {CANARY}\nName: orders\nConnectionType: JDBC\nConnectionProperties:\n  PORT: \"80\"\n  PASSWORD: *pw\n"
    );
    assert!(assert_hidden("a.yaml", &document) > 2000);
    // The name and the value of an environment variable stand in two lines.
    let document = format!(
        "Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Environment:\n        \
         - Name: DB_PASSWORD\n          Value: {CANARY}\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      \
         ConnectionInput:\n        ConnectionType: jdbc\n"
    );
    assert!(assert_hidden("a.yaml", &document) > 2000);
}

#[test]
fn what_could_not_be_read_is_hidden_too() {
    for (name, document) in [
        (
            "a.json",
            format!("{{\"ConnectionProperties\": {{\"PASSWORD\": \"{CANARY}\" \"PORT\": 80}}}}"),
        ),
        (
            "a.json",
            format!(
                "{{\"ConnectionProperties\": {{\n  \"PASSWORD\": \"{CANARY}\"\n  \"PORT\": 80}}}}"
            ),
        ),
        (
            "a.json",
            format!(
                "{{\"ConnectionProperties\": {{// PASSWORD: {CANARY}\n \"PORT\": \"1\"}}, \"ConnectionType\": \"JDBC\"}}"
            ),
        ),
        (
            "a.json",
            format!("{{\"ConnectionProperties\": {{\"PASSWORD\": {CANARY}}}}}"),
        ),
        (
            "a.json",
            format!("{{\"ConnectionProperties\": {{\"PASSWORD\": \"{CANARY}\n\"}}}}"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: {CANARY}\n  PORT: [80\nx: \"\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: \"{CANARY}\n  PORT: 80\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: |\n    {CANARY}\n  PORT: [80\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties: {{PASSWORD: {CANARY}, PORT: [}}\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: *{CANARY}\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: @{CANARY}\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: !{CANARY} x\n  X: [\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: %{CANARY}\n"),
        ),
        (
            "a.yaml",
            format!("ConnectionProperties:\n  PASSWORD: a: {CANARY}\n"),
        ),
    ] {
        assert_hidden(name, &document);
    }
    let utf16: Vec<u8> = format!("\u{FEFF}{}", with_defects("JDBC", "PASSWORD", CANARY))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let outputs = render_all("a.yaml", utf16);
    assert!(outputs.iter().all(|(_, output)| !output.contains(CANARY)));
    assert!(
        outputs
            .iter()
            .any(|(_, output)| output.contains("unknown-member"))
    );
}

#[test]
fn what_is_no_secret_stays_readable() {
    let document = with_defects("JDBC", "SECRET_ID", "orders/etl");
    let outputs = render_all("a.yaml", document.into_bytes());
    let full = outputs.iter().find(|(name, _)| name == "full").unwrap();
    assert!(full.1.contains("Bogus"));
}

#[test]
fn names_that_are_often_credentials_are_hidden() {
    for key in [
        "Pass word",
        "DB_PASS",
        "dbPass",
        "DbPw",
        "MY_SECRET",
        "Authorization",
        "passcode",
        "SECRET_VALUE",
        "keystore_pass",
        "TrustStorePass",
        "sfToken",
        "pem_private_key",
        "aws_secret_access_key",
        "masterKey",
    ] {
        assert_hidden("a.yaml", &with_defects("JDBC", key, CANARY));
        let json = serde_json::json!({key: CANARY, "user": "etl"}).to_string();
        for value in [format!("'{json}'"), format!("|\n    {json}")] {
            assert_hidden(
                "a.yaml",
                &with_defects("SNOWFLAKE", "SparkProperties", &value),
            );
        }
    }
}

#[test]
fn credentials_in_the_urls_of_every_engine_are_hidden() {
    for url in [
        "jdbc:mysql://a.example.org:80/x?trustCertificateKeyStorePassword=CANARY",
        "jdbc:mysql://address=(host=h)(port=80)(user=u)(password=CANARY)/x",
        "jdbc:mysql://u:p@a.example.org,u2:CANARY@b.example.org/x",
        "jdbc:mysql:u:CANARY@h/x",
        "jdbc:mysql:/u:CANARY@h/x",
        "jdbc:mysql//u:CANARY@h/x",
        "jdbc:mysql://h/x?password=${x}CANARY",
        "jdbc:mysql://h/x?password=${CANARY",
        "jdbc:postgresql://h.example.org/x?sslpassword=CANARY",
        "jdbc:redshift:iam://h.example.org/x?AccessKeyID=AKIA&SecretAccessKey=CANARY",
        "jdbc:redshift://h.example.org/x;UID=a;PWD=CANARY",
        "jdbc:oracle:thin:u/a/CANARY@h.example.org:1521:x",
        "jdbc:sqlserver://h.example.org:80;password={a;CANARY}",
        "jdbc:sqlserver://h.example.org:80;password={a}};CANARY};encrypt=false",
        "jdbc:sqlserver://h.example.org:80;password=a CANARY;x=1",
        "jdbc:sqlserver://h.example.org:80;keyStoreSecret=CANARY",
        "jdbc:snowflake://a.snowflakecomputing.com/?token=CANARY&passcode=CANARY",
        "jdbc:db2://h.example.org:80/x:user=u;password=CANARY;",
        "jdbc:awsathena://AwsRegion=x;UID=a;PWD=[SECRET CANARY];",
        "https://a.example.org/x?X-Amz-Signature=CANARY",
        "https://a.example.org and jdbc:mysql://u:CANARY@h/x",
        "Authorization: Bearer CANARY",
        "-----BEGIN PRIVATE KEY-----\\nCANARY\\n-----END PRIVATE KEY-----",
        "jdbc:teradata://db.example.org/DATABASE=x,USER=etl,PASSWORD=CANARY,DBS_PORT=99999",
        "jdbc:teradata://db.example.org/DATABASE=x,USER=etl,PASSWORD='a,CANARY',DBS_PORT=99999",
        "jdbc:db2://db.example.org:99999/x:user=etl;password=CANARY;sslConnection=false;",
        "jdbc:as400://db.example.org:99999;user=etl;password=CANARY;secure=false",
        "jdbc:sap://db.example.org:99999/?user=etl&password=CANARY&encrypt=false",
        "jdbc:vertica://db.example.org:99999/x?user=etl&password=CANARY&TLSmode=disable",
        "jdbc:clickhouse:http://db.example.org:99999/x?user=etl&password=CANARY&sslmode=none",
        "jdbc:clickhouse://db.example.org:99999/x?access_token=CANARY",
        "jdbc:hive2://db.example.org:99999/x;user=etl;password=CANARY;ssl=false",
        "jdbc:hive2://db.example.org:99999/x;sslTrustStore=a;trustStorePassword=CANARY?b=c#password=CANARY",
        "jdbc:impala://db.example.org:99999/x;AuthMech=3;UID=etl;PWD=CANARY;SSL=0",
        "jdbc:oracle:thin:etl/CANARY@//db.example.org:99999/x",
        "jdbc:oracle:thin:etl/CANARY@tcps://db.example.org:99999/x?ssl_server_dn_match=off",
        "jdbc:oracle:thin:etl/CANARY@(DESCRIPTION=(ADDRESS=(HOST=db.example.org)(PORT=99999)))",
        "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=a_b!)(PORT=1))(SECURITY=(WALLET_PASSWORD=CANARY)))",
        "jdbc:mysql://address=(host=a!)(port=99999)(user=etl)(password=CANARY)/x",
        "jdbc:mysql://(host=a!,port=99999,user=etl,password=CANARY)/x",
        "jdbc:mysql://db.example.org:99999/x?user=etl&password2=CANARY&useSSL=false",
        "jdbc:mysql://db.example.org:99999/x?clientCertificateKeyStorePassword=CANARY&useSSL=false",
        "jdbc:mariadb://etl:CANARY@db.example.org:99999/x",
        "jdbc:postgresql://db.example.org:99999/x?sslpassword=CANARY&sslmode=allow",
        "jdbc:redshift:iam://orders:eu-west-1/x?AccessKeyID=etl&SecretAccessKey=CANARY",
        "jdbc:redshift:iam://db.example.org:99999/x?SessionToken=CANARY;Client_Secret=CANARY&ssl=false",
        "jdbc:snowflake://acct.snowflakecomputing.com:99999/?user=etl&token=CANARY&ssl=off",
        "jdbc:snowflake://acct.snowflakecomputing.com/?passcode=CANARY&user=etl",
        "jdbc:sqlserver://db.example.org:99999;password={a;CANARY};encrypt=false",
        "jdbc:sqlserver://db.example.org:99999;accessToken=CANARY;keyStoreSecret=CANARY",
        "jdbc:jtds:sqlserver://db.example.org:99999/x;password=CANARY",
        "jdbc:databricks://db.example.org:443/x;AuthMech=3;UID=token;PWD=CANARY",
        "jdbc:awsathena://AwsRegion=eu-west-1;UID=etl;PWD=CANARY",
        "mongodb://db.example.org:99999/x?tlsCertificateKeyFilePassword=CANARY&tls=false",
        "mongodb://etl:CANARY@db.example.org:99999/x?authMechanismProperties=AWS_SESSION_TOKEN:CANARY",
        "mongodb://etl:CANARY@docdb.cluster-a.eu-west-1.docdb.amazonaws.com:27017/x",
    ] {
        let url = url.replace("CANARY", CANARY);
        for key in ["JDBC_CONNECTION_URL", "HOST", "CUSTOM_JDBC_CERT", "BOGUS"] {
            assert_hidden("a.yaml", &with_defects("JDBC", key, &format!("\"{url}\"")));
        }
        let key = "CONNECTION_URL";
        assert_hidden(
            "a.yaml",
            &with_defects("MONGODB", key, &format!("\"{url}\"")),
        );
    }
}

#[test]
fn secrets_in_odd_places_are_hidden() {
    let head = "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  PORT: 80\n";
    for rest in [
        // A key that took its value in.
        "  \"PASSWORD=CANARY\": x\n",
        "  \"PASSWORD: CANARY\": \"\"\n",
        "  \"jdbc:mysql://u:CANARY@h/x\": \"\"\n",
        "  PASSWORD: x\n  {PASSWORD=CANARY}: x\n",
        "  # password: CANARY\n",
        "  #PASSWORD: \"CANARY\"\n",
        "  ? PASSWORD\n  : CANARY\n",
        "  \"PASS\\x57ORD\": CANARY\n",
        "Description: \"pw: CANARY\"\n",
        "Tags:\n  password: CANARY\n",
        "Thing: |\n  -----BEGIN RSA PRIVATE KEY-----\n  CANARY\n  -----END RSA PRIVATE KEY-----\n",
    ] {
        assert_hidden(
            "a.yaml",
            &format!("{head}{}", rest.replace("CANARY", CANARY)),
        );
    }
    assert_hidden(
        "a.yaml",
        &format!(
            "Name: orders\nConnectionType: JDBC\nConnectionProperties: {{PASSWORD={CANARY}}}\n"
        ),
    );
    let tail = "  A: {Type: AWS::Glue::Connection, Properties: {ConnectionInput: {ConnectionType: \
                JDBC, ConnectionProperties: {PORT: 80, HOST: !Ref Host}}}}\nParameters:\n  Host: \
                {Type: String, NoEcho: true, Default: \"CANARY\"}\n";
    for password in [
        "\"aa\n        CANARY\"",
        "aa\n        CANARY",
        "&x CANARY",
        "!Join [\"\", [\"CANARY\"]]",
        "!Base64 CANARY",
    ] {
        let document = format!(
            "Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      \
             MasterUserPassword: {password}\n{tail}"
        );
        assert_hidden("a.yaml", &document.replace("CANARY", CANARY));
    }
}

#[test]
fn plans_and_states_tell_no_secret() {
    // What is marked as sensitive is hidden whatever it is, and so are variables, outputs, and the
    // literals of the configuration.
    let values = serde_json::json!({
        "name": "orders", "connection_type": "JDBC", "bogus": 1,
        "connection_properties": {"PORT": "80", "PASSWORD": CANARY, "ROLE": format!("x{CANARY}"),
                                  "JDBC_ENFORCE_SSL": format!("maybe-{CANARY}")},
        "physical_connection_requirements": [{"subnet_id": "subnet-x", "availability_zone": "a"}]
    });
    let marks = serde_json::json!({"connection_properties": true, "tags_all": {}});
    let password = serde_json::json!({
        "address": "random_password.x", "mode": "managed", "type": "random_password",
        "values": {"length": 8, "result": CANARY}, "sensitive_values": {"result": true}
    });
    let connection = serde_json::json!({
        "address": "aws_glue_connection.orders", "mode": "managed", "type": "aws_glue_connection",
        "values": values, "sensitive_values": marks
    });
    let module = serde_json::json!({
        "outputs": {"x": {"sensitive": true, "value": CANARY}},
        "root_module": {"resources": [password, connection, password]}
    });
    let changes = serde_json::json!([
        {"address": "random_password.x", "type": "random_password", "change": {
            "actions": ["update"], "before": {"result": CANARY}, "after": {"result": CANARY},
            "before_sensitive": {"result": true}, "after_sensitive": {"result": true},
            "after_unknown": {}}},
        {"address": "aws_glue_connection.orders", "type": "aws_glue_connection", "change": {
            "actions": ["update"], "before": values, "after": values, "before_sensitive": marks,
            "after_sensitive": marks, "after_unknown": {}}}
    ]);
    let plan = serde_json::json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "variables": {"db": {"value": CANARY}, "all": {"value": {"a": [CANARY]}}},
        "planned_values": module, "resource_changes": changes, "resource_drift": changes,
        "output_changes": {"x": {"before": CANARY, "after": CANARY}},
        "prior_state": {"values": module},
        "configuration": {"root_module": {
            "variables": {"db": {"default": CANARY}},
            "resources": [{"address": "aws_db_instance.x", "expressions":
                           {"password": {"constant_value": CANARY}}}]}}
    });
    // The changes alone, too.
    let mut changed = plan.clone();
    changed["planned_values"] = serde_json::json!({"root_module": {}});
    let shown = serde_json::json!({"format_version": "1.0", "values": module});
    let path = serde_json::json!([{"type": "get_attr", "value": "connection_properties"}]);
    let deep = serde_json::json!([
        {"type": "get_attr", "value": "connection_properties"},
        {"type": "index", "value": {"value": "ROLE", "type": "string"}}
    ]);
    let mut attributes = values.clone();
    attributes["connection_properties"]["JDBC_ENFORCE_SSL"] = serde_json::json!("maybe");
    let stored = |path: &serde_json::Value, attributes: &serde_json::Value| {
        serde_json::json!({
            "version": 4, "lineage": "x", "outputs": {"x": {"value": CANARY, "type": "string"}},
            "resources": [
                {"mode": "managed", "type": "random_password", "name": "x", "instances": [
                    {"attributes": {"result": CANARY}, "private": CANARY,
                     "sensitive_attributes": [[{"type": "get_attr", "value": "result"}]]}]},
                {"mode": "managed", "type": "aws_glue_connection", "name": "orders", "instances": [
                    {"attributes": attributes, "sensitive_attributes": [path]}]}
            ]
        })
    };
    for document in [
        plan,
        changed,
        shown,
        stored(&path, &values),
        stored(&deep, &attributes),
    ] {
        for text in [
            document.to_string(),
            serde_json::to_string_pretty(&document).unwrap(),
        ] {
            assert!(assert_hidden("plan.json", &text) > 2000);
            // Of one that is cut off nothing is known, and nothing shown.
            let cut = text.get(..text.len() - 2).unwrap();
            assert_hidden("plan.json", cut);
        }
    }
}

#[test]
fn secrets_in_the_other_files_of_a_unit_are_hidden() {
    let manifest = format!(
        "apiVersion: glue.aws.upbound.io/v1beta2\nkind: Connection\nmetadata: {{name: orders}}\nspec:\n  forProvider:\n    \
         connectionPropertiesSecretRef: {{name: props}}\n    # password: {CANARY}\n    \
         physicalConnectionRequirements: {{availabilityZone: eu-west-1a}}\n"
    );
    for (key, value) in [
        ("PASSWORD", CANARY.to_owned()),
        (
            "ENCRYPTED_PASSWORD",
            format!(">-\n    {CANARY}\n    {CANARY}"),
        ),
        (
            "JDBC_CONNECTION_URL",
            format!("jdbc:mysql://u:{CANARY}@h.example.org:80/x"),
        ),
        ("BOGUS", format!("-----BEGIN PRIVATE KEY-----{CANARY}")),
    ] {
        // The defects stand right beside the secrets, and have labels in the other file.
        let secret = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: props}}\nstringData:\n  PORT: \"80\"\n  {key}: {value}\n  \
             SECRET_ID: arn:aws:secretsmanager:us-east-1:012345678901:secret:orders-a1b2c3\ndata:\n  \
             HOST: {CANARY}\n  JDBC_ENFORCE_SSL: {CANARY}====\n"
        );
        let broken = format!("x: {{password: {CANARY}\n  {CANARY}");
        for names in [
            ["a.yaml", "b.yaml", "c.yaml"],
            ["c.yaml", "b.yaml", "a.yaml"],
        ] {
            let mut files: Vec<_> = names.iter().zip([&manifest, &secret, &broken]).collect();
            files.sort();
            let mut unit = Unit::default();
            for (name, text) in files {
                let source = Source::decode(*name, text.as_bytes().to_vec()).unwrap();
                unit.push(source, text == &manifest);
            }
            let options = Options {
                least: Severity::Info,
                ..Options::default()
            };
            let mut report = Report::default();
            for file in lint_unit(&unit, &options) {
                report.add(file);
            }
            let found: Vec<_> = report.findings().map(|(_, it)| it.rule.name).collect();
            assert!(found.contains(&"mixed-regions"), "{found:?}");
            assert!(found.contains(&"invalid-syntax"), "{found:?}");
            for (renderer, output) in rendered(&report) {
                assert!(
                    !output.contains(CANARY),
                    "{renderer} tells the secret of:\n{secret}\n{output}"
                );
            }
        }
    }
}
