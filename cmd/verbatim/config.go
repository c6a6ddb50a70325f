package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"verbatim/internal/app"
	"verbatim/internal/safetext"
)

// loadConfig reads the config from --config, else VERBATIM_CONFIG, else
// config.yaml in the user's config directory, else the defaults apply. Only
// the last file may be missing. It returns the path that was read, or "".
func (p *program) loadConfig(flag string) (app.Config, string, error) {
	path, must := flag, true
	if path == "" {
		path = p.getenv("VERBATIM_CONFIG")
	}
	if path == "" {
		dir, err := p.configDir()
		if err != nil {
			return app.DefaultConfig(), "", nil
		}
		path, must = filepath.Join(dir, "verbatim", "config.yaml"), false
	}
	data, err := readUpTo(path, maxConfig)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return app.DefaultConfig(), "", nil
	}
	if err != nil {
		return app.Config{}, path, usagef("read the config: %w", err)
	}
	c, err := parseConfig(data)
	if err != nil {
		return app.Config{}, path, usagef("config %s: %w", path, err)
	}
	return c, path, nil
}

// maxConfig is the largest config file that is read, in bytes.
const maxConfig = 1 << 20

// readUpTo returns the content of the file at path, or an error if that is more
// than limit bytes: a device may have no end.
func readUpTo(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s has more than %d bytes", path, limit)
	}
	return data, err
}

// slogLevel returns the level called name, which Config.Check has accepted.
func slogLevel(name string) slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(name)); err != nil {
		return slog.LevelWarn
	}
	return level
}

// parseConfig reads a config file over the defaults. An unknown key is an
// error that names its line and the nearest key there is.
func parseConfig(data []byte) (app.Config, error) {
	c := app.DefaultConfig()
	dec := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err == io.EOF {
		return c, nil
	} else if err != nil {
		return c, yamlError(err)
	}
	if err := dec.Decode(&more); err != io.EOF {
		return c, errors.New("the file holds more than one document")
	}
	if err := checkKeys(doc.Content[0], "", configKeys()); err != nil {
		return c, err
	}
	if err := doc.Decode(&c); err != nil {
		return c, yamlError(err)
	}
	if c.Model.Headers == nil {
		c.Model.Headers = map[string]string{}
	}
	if c.Embeddings.Headers == nil {
		c.Embeddings.Headers = map[string]string{}
	}
	return c, c.Check()
}

// yamlError returns the first fault that the library reports, on one line.
func yamlError(err error) error {
	if t, ok := errors.AsType[*yaml.TypeError](err); ok && len(t.Errors) > 0 {
		return errors.New(safetext.Line(plainType(t.Errors[0])))
	}
	return errors.New(safetext.Line(strings.TrimPrefix(err.Error(), "yaml: ")))
}

// plainType says what a value must be in the words of the config, not of Go.
func plainType(message string) string {
	where, rest, _ := strings.Cut(message, "cannot unmarshal ")
	what, typ, ok := strings.Cut(rest, " into ")
	if !ok {
		return message
	}
	if tag, value, scalar := strings.Cut(what, " "); scalar {
		what = value
	} else {
		what = map[string]string{"!!seq": "a list", "!!map": "a section with keys"}[tag]
	}
	wanted := "text"
	switch {
	case strings.HasPrefix(typ, "int"):
		wanted = "a whole number"
	case strings.HasPrefix(typ, "float"):
		wanted = "a number"
	case typ == "bool":
		wanted = "true or false"
	case strings.HasPrefix(typ, "map"):
		wanted = "keys with values"
	}
	return fmt.Sprintf("%sit must be %s, not %s", where, wanted, cmp.Or(what, "this"))
}

// configKey is a key of the config by its dotted name.
type configKey struct {
	name string
	typ  reflect.Type
}

// configKeys lists the keys of the config, a section before its keys.
func configKeys() []configKey { return keys(reflect.TypeFor[app.Config](), "") }

func keys(t reflect.Type, prefix string) []configKey {
	var list []configKey
	for f := range t.Fields() {
		k := configKey{prefix + f.Tag.Get("yaml"), f.Type}
		list = append(list, k)
		if f.Type.Kind() == reflect.Struct {
			list = append(list, keys(f.Type, k.name+".")...)
		}
	}
	return list
}

// checkKeys returns an error for the first unknown key under node, and for an
// invalid duration, for which the library names no line.
func checkKeys(node *yaml.Node, section string, known []configKey) error {
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return nil
	}
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: %s must hold keys with values", node.Line, cmp.Or(section, "the file"))
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		name := key.Value
		if section != "" {
			name = section + "." + name
		}
		at := slices.IndexFunc(known, func(k configKey) bool { return k.name == name })
		switch {
		case at < 0:
			return fmt.Errorf("line %d: %w", key.Line, noKey(name, known))
		case known[at].typ.Kind() == reflect.Struct:
			if err := checkKeys(value, name, known); err != nil {
				return err
			}
		case known[at].typ == reflect.TypeFor[time.Duration]():
			if _, err := time.ParseDuration(value.Value); err != nil {
				return fmt.Errorf("line %d: %s is not a duration such as 30s or 2m", value.Line, name)
			}
		}
	}
	return nil
}

// noKey is the error for an unknown key.
func noKey(name string, known []configKey) error {
	switch strings.ReplaceAll(strings.ToLower(last(name)), "_", "") {
	case "key", "apikey", "token", "secret", "password":
		return fmt.Errorf("there is no key %s; secrets come from the environment only", safetext.Line(name))
	}
	return fmt.Errorf("there is no key %s; did you mean %s?", safetext.Line(name), nearestKey(name, known))
}

// nearestKey returns the known key that name was most likely meant to be: the one
// with the fewest edits, counting a move to another section as half an edit.
func nearestKey(name string, known []configKey) string {
	best, least := "", -1
	for _, k := range known {
		d := 2 * edits(name, k.name)
		if inOther := 2*edits(last(name), last(k.name)) + 1; inOther < d {
			d = inOther
		}
		if least < 0 || d < least {
			best, least = k.name, d
		}
	}
	return best
}

func last(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// edits is the number of bytes to insert, delete, replace or swap with their
// neighbour to make b of a (optimal string alignment distance).
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
