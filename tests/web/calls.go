// Calls the example backend with the client that openapi-generator makes of its OpenAPI document.
//
// Argument: the origin of the backend. Prints the mode of the API that it has created.
package main

import (
	"amplify"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
)

const (
	app         = "d1abc"
	environment = "staging"
	schema      = "type Note @model { id: ID! text: String }"
)

func main() {
	configuration := amplify.NewConfiguration()
	configuration.Servers[0].URL = os.Args[1] + "/prod"
	mode, err := modeOfNewAPI(amplify.NewAPIClient(configuration).DefaultAPI)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(mode)
}

func modeOfNewAPI(api *amplify.DefaultAPIService) (string, error) {
	ctx := context.Background()
	backend := amplify.CreateBackendRequestContent{
		AppId:                  app,
		AppName:                "notes",
		BackendEnvironmentName: environment,
	}
	_, _, err := api.CreateBackend(ctx).CreateBackendRequestContent(backend).Execute()
	if err != nil {
		return "", err
	}

	// An enum in requests has a constant for each value.
	sent := amplify.BackendAPIAuthTypeRequest{Mode: amplify.MODEREQUEST_API_KEY.Ptr()}
	text := schema
	config := amplify.BackendAPIResourceConfigRequest{
		DefaultAuthType: &sent,
		TransformSchema: &text,
	}
	created := amplify.CreateBackendAPIRequestContent{
		BackendEnvironmentName: environment,
		ResourceConfig:         config,
		ResourceName:           "notes",
	}
	request := api.CreateBackendAPI(ctx, app).CreateBackendAPIRequestContent(created)
	if _, _, err := request.Execute(); err != nil {
		return "", err
	}

	// In responses it has other values as well.
	details := amplify.GetBackendAPIRequestContent{ResourceName: "notes"}
	found, _, err := api.GetBackendAPI(ctx, app, environment).
		GetBackendAPIRequestContent(details).Execute()
	if err != nil {
		return "", err
	}
	mode := found.GetResourceConfig().DefaultAuthType.GetMode()

	// An error has the type of its status.
	_, response, err := api.GetToken(ctx, app, "unknown").Execute()
	var failure *amplify.GenericOpenAPIError
	if !errors.As(err, &failure) || response.StatusCode != http.StatusNotFound {
		return "", fmt.Errorf("an unknown session is reported as %v", err)
	}
	missing, ok := failure.Model().(amplify.NotFoundExceptionResponseContent)
	if !ok || missing.GetResourceType() == "" {
		return "", fmt.Errorf("an unknown session has the error %T", failure.Model())
	}
	return *mode.String, nil
}
