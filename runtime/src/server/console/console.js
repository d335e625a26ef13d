// The page around Swagger UI: it loads the document, sets the colors and completes the names of
// controls for screen readers.
"use strict";

const SIGNED = "This operation is authenticated with AWS Signature Version 4. "
  + "This page sends it without a signature.";

// Controls that Swagger UI leaves without a name.
const NAMES = [
  ["#servers", "Server"],
  [".copy-to-clipboard button", "Copy"],
  [".body-param__text", "Request body"],
  [".content-type", "Media type"],
  [".dialog-ux .close-modal", "Close"],
  [".dialog-ux input[type=text]", "Value"],
];

// Areas that scroll, so that the keyboard reaches them.
const AREAS = [".curl", ".microlight", ".highlight-code pre", ".example", ".model-box"];

function setColors(dark) {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

function complete() {
  for (const [selector, name] of NAMES) {
    for (const element of document.querySelectorAll(`${selector}:not([aria-label])`)) {
      element.setAttribute("aria-label", name);
    }
  }
  // Their names are not the text that they show.
  for (const element of document.querySelectorAll(".auth-btn-wrapper [aria-label]")) {
    element.removeAttribute("aria-label");
  }
  for (const row of document.querySelectorAll(".parameters tr[data-param-name]")) {
    for (const element of row.querySelectorAll(":is(input, select, textarea):not([aria-label])")) {
      element.setAttribute("aria-label", row.dataset.paramName);
    }
  }
  for (const element of document.querySelectorAll(`:is(${AREAS}):not([tabindex])`)) {
    element.tabIndex = 0;
  }
}

// Swagger UI sends no credentials of HTTP schemes other than these.
const HTTP = ["basic", "bearer"];

// Lets readers enter the whole header for other schemes, since that is what they define.
function enterHeaders(api) {
  const schemes = Object.values(api.components?.securitySchemes ?? {});
  for (const scheme of schemes) {
    if (scheme.type === "http" && !HTTP.includes(scheme.scheme.toLowerCase())) {
      const how = `Enter the header: \`${scheme.scheme}\`, a space and the credentials.`;
      scheme.description = [scheme.description, how].filter(Boolean).join("\n\n");
      Object.assign(scheme, { type: "apiKey", in: "header", name: "Authorization" });
    }
  }
}

// Removes signatures from the schemes that readers can choose, since the page cannot sign. Returns
// whether there are any.
function withoutSignatures(api) {
  const schemes = api.components?.securitySchemes ?? {};
  const signatures = Object.keys(schemes).filter(
    (name) => schemes[name]["x-amazon-apigateway-authtype"] === "awsSigv4",
  );
  const isSigned = (choice) => Object.keys(choice).some((name) => signatures.includes(name));
  const common = api.security ?? [];
  for (const item of Object.values(api.paths)) {
    for (const operation of Object.values(item)) {
      const choices = operation.security ?? common;
      if (choices.length && choices.every(isSigned)) {
        operation.description = [operation.description, SIGNED].filter(Boolean).join("\n\n");
      }
      if (operation.security) {
        operation.security = choices.filter((choice) => !isSigned(choice));
      }
    }
  }
  api.security = common.filter((choice) => !isSigned(choice));
  for (const name of signatures) {
    delete schemes[name];
  }
  if (!Object.keys(schemes).length) {
    delete api.components?.securitySchemes;
  }
  return signatures.length > 0;
}

async function start() {
  const response = await fetch("openapi.json");
  if (!response.ok) {
    throw new Error(`the server responds with status ${response.status}`);
  }
  const api = await response.json();
  document.title = `${api.info.title}: API console`;
  document.getElementById("unsigned").hidden = !withoutSignatures(api);
  enterHeaders(api);
  SwaggerUIBundle({
    dom_id: "#console",
    spec: api,
    displayOperationId: true,
    displayRequestDuration: true,
    // No document is sent elsewhere to be validated.
    validatorUrl: null,
  });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", setColors);
setColors(dark);
new MutationObserver(complete).observe(document.getElementById("console"), {
  childList: true,
  subtree: true,
});
start().catch((error) => {
  const failure = document.getElementById("failure");
  failure.textContent = `The document openapi.json cannot be shown: ${error.message}`;
  failure.hidden = false;
});
