package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// fieldsKey is the context key of the fields that transport adds to a request.
type fieldsKey struct{}

func withFields(ctx context.Context, fields map[string]any) context.Context {
	return context.WithValue(ctx, fieldsKey{}, fields)
}

// patched returns the body of a request with the fields of its context. It
// never changes the model, the messages and whether the answer is streamed.
func patched(ctx context.Context, body []byte) ([]byte, error) {
	fields, _ := ctx.Value(fieldsKey{}).(map[string]any)
	if len(fields) == 0 {
		return body, nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, fmt.Errorf("read the body of the request: %w", err)
	}
	for name, value := range fields {
		switch name {
		case "model", "messages", "stream":
			continue
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("add %s to the request: %w", name, err)
		}
		all[name] = raw
	}
	return json.Marshal(all)
}

// flattened returns an answer, or an event of one, with the content as a text
// if it came as a list of parts, as some servers send the answers of models
// that think. Thinking is left out.
func flattened(data []byte) []byte {
	if !bytes.Contains(data, []byte(`"content"`)) || !bytes.Contains(data, []byte("[{")) && !bytes.Contains(data, []byte("[ {")) {
		return data
	}
	var answer map[string]any
	if json.Unmarshal(data, &answer) != nil {
		return data
	}
	changed := false
	choices, _ := answer["choices"].([]any)
	for _, c := range choices {
		choice, _ := c.(map[string]any)
		for _, name := range []string{"message", "delta"} {
			part, _ := choice[name].(map[string]any)
			if list, ok := part["content"].([]any); ok {
				part["content"], changed = joinedText(list), true
			}
		}
	}
	if !changed {
		return data
	}
	out, err := json.Marshal(answer)
	if err != nil {
		return data
	}
	return out
}

// joinedText joins the parts of a content that are text.
func joinedText(list []any) string {
	var b strings.Builder
	for _, p := range list {
		switch part := p.(type) {
		case string:
			b.WriteString(part)
		case map[string]any:
			if text, ok := part["text"].(string); ok && (part["type"] == nil || part["type"] == "text" || part["type"] == "output_text") {
				b.WriteString(text)
			}
		}
	}
	return b.String()
}
