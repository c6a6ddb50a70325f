package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parseConfig reads a config file over the defaults. An unknown key is an
// error that names its line and the nearest key there is.
func parseConfig(data []byte) (config, error) {
	c := defaultConfig()
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return c, nil
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return c, yamlError(err)
	}
	if len(file.Docs) > 1 {
		return c, errors.New("the file holds more than one document")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return c, nil
	}
	if err := checkKeys(file.Docs[0].Body, "", configKeys()); err != nil {
		return c, err
	}
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return c, yamlError(err)
	}
	if c.Model.Headers == nil {
		c.Model.Headers = map[string]string{}
	}
	if c.Embeddings.Headers == nil {
		c.Embeddings.Headers = map[string]string{}
	}
	return c, c.check()
}

// yamlError says on one line what the library draws on several.
func yamlError(err error) error {
	y, ok := errors.AsType[yaml.Error](err)
	if !ok || y.GetToken() == nil || y.GetToken().Position == nil {
		return errors.New(line(err.Error()))
	}
	return fmt.Errorf("line %d: %s", y.GetToken().Position.Line, line(y.GetMessage()))
}

// configKey is a key of the config by its dotted name.
type configKey struct {
	name string
	typ  reflect.Type
}

// configKeys lists the keys of the config, a section before its keys.
func configKeys() []configKey { return keys(reflect.TypeFor[config](), "") }

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

// checkKeys returns an error for the first key under node that there is not,
// and for a duration that is none, of which the library names no line.
func checkKeys(node ast.Node, section string, known []configKey) error {
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return nil
	default:
		return fmt.Errorf("line %d: %s must hold keys with values", node.GetToken().Position.Line, cmp.Or(section, "the file"))
	}
	for _, v := range values {
		name := v.Key.GetToken().Value
		if section != "" {
			name = section + "." + name
		}
		at := v.Key.GetToken().Position.Line
		i := slices.IndexFunc(known, func(k configKey) bool { return k.name == name })
		switch {
		case i < 0:
			return fmt.Errorf("line %d: there is no key %s; did you mean %s?", at, line(name), nearestKey(name, known))
		case known[i].typ.Kind() == reflect.Struct:
			if err := checkKeys(v.Value, name, known); err != nil {
				return err
			}
		case known[i].typ == reflect.TypeFor[time.Duration]():
			if _, err := time.ParseDuration(v.Value.GetToken().Value); err != nil {
				return fmt.Errorf("line %d: %s is no duration such as 30s or 2m", at, name)
			}
		}
	}
	return nil
}

// nearestKey returns the known key that name was most likely meant to be: one
// of the same last part in another section, else the one of the fewest edits.
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
