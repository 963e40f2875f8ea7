import { describe, expect, it } from 'vitest';
import { api, type Route } from '@boocode/contracts/api.ts';
import { describeApi } from './openapi.ts';

type Json = Record<string, any>;

const description: Json = JSON.parse(JSON.stringify(describeApi('1.2.3')));
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

describe('the OpenAPI description', () => {
  it('is of version 3.1 and says who it is', () => {
    expect(description).toMatchObject({ openapi: '3.1.0', info: { title: 'BooCode', version: '1.2.3' }, security: [{ token: [] }] });
    expect(description.components.securitySchemes.token).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(Object.keys(description).toSorted()).toEqual(['components', 'info', 'openapi', 'paths', 'security']);
  });

  it.each(Object.entries<Route>(api))('has %s in full', (name, route) => {
    const operation = operationOf(route);
    expect(operation).toMatchObject({ operationId: name, summary: route.summary });
    const names = [...route.path.matchAll(/:(\w+)/g)].map(([, each]) => each);
    const parameters: Json[] = operation.parameters ?? [];
    expect(parameters.filter((each) => each.in === 'path').map((each) => [each.name, each.required])).toEqual(names.map((each) => [each, true]));
    expect(parameters.filter((each) => each.in === 'query').length > 0).toBe(route.query !== undefined);
    expect(operation.requestBody?.content['application/json'].schema !== undefined).toBe(route.body !== undefined);
    expect(operation.responses[String(route.status)].content['application/json'].schema).toBeDefined();
    expect(operation.responses.default.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/ErrorBody' });
    expect(operation.security).toEqual(route.token ? undefined : []);
  });

  it('has nothing else', () => {
    const operations = Object.values<Json>(description.paths).flatMap((methods) => Object.values<Json>(methods));
    expect(new Set(operations.map((each) => each.operationId))).toEqual(new Set(Object.keys(api)));
  });

  it('tells whether a body is needed', () => {
    expect(operationOf(api.createTask).requestBody.required).toBe(true);
    expect(operationOf(api.cancelTask).requestBody.required).toBe(false);
    expect(operationOf(api.createTask).requestBody.content['application/json'].schema).toMatchObject({
      type: 'object',
      required: ['input'],
      additionalProperties: false,
    });
  });

  it('publishes the schemas that have no route of their own', () => {
    expect(Object.keys(description.components.schemas)).toEqual(
      expect.arrayContaining(['MessageMetadata', 'WorktreeRiskReport', 'ProviderSnapshot', 'ServerFrame', 'Task', 'ErrorBody']),
    );
    expect(operationOf(api.getTask).responses['200'].content['application/json'].schema).toEqual({ $ref: '#/components/schemas/Task' });
  });

  it('is made of valid schemas whose references lead somewhere', () => {
    const text = JSON.stringify(description);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) expect(description.components.schemas).toHaveProperty(name ?? '');
    expect(text).not.toContain('$defs');
    expect(text).not.toContain('"$schema"');
    expect(text.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull();
    const schemas = [...Object.values<Json>(description.components.schemas), ...Object.values<Route>(api).flatMap((route) => schemasOf(operationOf(route)))];
    for (const schema of schemas) checkSchema(schema);
  });
});

function operationOf(route: Route): Json {
  return description.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];
}

function schemasOf(operation: Json): Json[] {
  const contents = [operation.requestBody, ...Object.values<Json>(operation.responses)].filter((each) => each !== undefined);
  return [...contents.map((each) => each.content['application/json'].schema), ...(operation.parameters ?? []).map((each: Json) => each.schema)];
}

function checkSchema(schema: Json): void {
  expect(typeof schema).toBe('object');
  for (const type of [schema.type ?? []].flat()) expect(TYPES).toContain(type);
  for (const part of ['anyOf', 'oneOf', 'allOf', 'prefixItems']) for (const inner of schema[part] ?? []) checkSchema(inner);
  for (const inner of Object.values<Json>(schema.properties ?? {})) checkSchema(inner);
  for (const part of ['items', 'additionalProperties', 'propertyNames', 'not']) if (typeof schema[part] === 'object') checkSchema(schema[part]);
  expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(schema.required ?? []));
  expect(schema.enum === undefined || (Array.isArray(schema.enum) && schema.enum.length > 0)).toBe(true);
  expect(schema.pattern === undefined || new RegExp(schema.pattern, 'u') instanceof RegExp).toBe(true);
}
