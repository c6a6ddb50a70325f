package discordtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"
)

// command is an application command as the bot sent it, with what Discord adds.
type command object

func (c command) name() string { s, _ := c["name"].(string); return s }

func (c command) kind() int {
	if t, ok := c["type"].(float64); ok {
		return int(t)
	}
	if t, ok := c["type"].(int); ok {
		return t
	}
	return 1
}

// CommandWrites counts the creates, edits, deletes and bulk overwrites of
// commands that were done: a bot that changed nothing needs none.
func (s *Server) CommandWrites() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cmdWrites
}

// Commands returns the commands of a guild, or with "" the global ones, as JSON objects.
func (s *Server) Commands(guildID string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []map[string]any{}
	for _, c := range s.commands[guildID] {
		list = append(list, object(c))
	}
	return list
}

func (s *Server) scope(x *exchange) (string, error) {
	if x.val("app") != s.opts.AppID {
		return "", &apiError{403, 20012, "You are not authorized to perform this action on this application"}
	}
	g := x.val("guild")
	if g != "" && s.guilds[g] == nil {
		return "", &apiError{403, 50001, "Missing Access"}
	}
	return g, nil
}

// listCommands leaves translations out unless asked, as Discord does.
func (s *Server) listCommands(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.scope(x)
	if err != nil {
		return 0, nil, err
	}
	list := []any{}
	for _, c := range s.commands[g] {
		if x.r.URL.Query().Get("with_localizations") == "true" {
			list = append(list, c)
		} else {
			list = append(list, withoutTranslations(object(c)))
		}
	}
	return 200, list, nil
}

func withoutTranslations(v any) any {
	switch v := v.(type) {
	case object:
		o := object{}
		for k, x := range v {
			if k != "name_localizations" && k != "description_localizations" {
				o[k] = withoutTranslations(x)
			}
		}
		return o
	case []any:
		list := []any{}
		for _, x := range v {
			list = append(list, withoutTranslations(x))
		}
		return list
	}
	return v
}

func (s *Server) find(x *exchange) (string, int, error) {
	g, err := s.scope(x)
	if err != nil {
		return "", 0, err
	}
	i := slices.IndexFunc(s.commands[g], func(c command) bool { return c["id"] == x.val("command") })
	if i < 0 {
		return "", 0, notFound(10063, "application command")
	}
	return g, i, nil
}

func (s *Server) getCommand(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, i, err := s.find(x)
	if err != nil {
		return 0, nil, err
	}
	return 200, s.commands[g][i], nil
}

func (s *Server) deleteCommand(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, i, err := s.find(x)
	if err != nil {
		return 0, nil, err
	}
	s.commands[g] = slices.Delete(slices.Clone(s.commands[g]), i, i+1)
	s.wrote()
	return 204, nil, nil
}

func (s *Server) wrote() {
	s.cmdWrites++
	s.changed.fire()
}

// finish adds what Discord adds; the lock is held.
func (s *Server) finish(c command, id, guild string) command {
	out := command{"default_member_permissions": nil, "nsfw": false, "name_localizations": nil, "description_localizations": nil,
		"integration_types": []any{0.0}, "description": "", "type": 1.0}
	for k, v := range c {
		out[k] = v
	}
	out["id"], out["application_id"], out["version"] = id, s.opts.AppID, s.newID()
	if guild != "" {
		out["guild_id"] = guild
	} else if _, ok := out["contexts"]; !ok {
		out["contexts"] = nil
	}
	return out
}

func (s *Server) createCommand(x *exchange) (int, any, error) {
	var c command
	if json.Unmarshal(x.body, &c) != nil {
		return 0, nil, errForm
	}
	if err := s.refuse(x, c.check()); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.scope(x)
	if err != nil {
		return 0, nil, err
	}
	list := slices.Clone(s.commands[g])
	i := slices.IndexFunc(list, func(o command) bool { return o.name() == c.name() && o.kind() == c.kind() })
	s.wrote()
	if i >= 0 {
		list[i] = s.finish(c, list[i]["id"].(string), g)
		s.commands[g] = list
		return 200, list[i], nil
	}
	c = s.finish(c, s.newID(), g)
	s.commands[g] = append(list, c)
	return 201, c, nil
}

func (s *Server) patchCommand(x *exchange) (int, any, error) {
	var change command
	if json.Unmarshal(x.body, &change) != nil {
		return 0, nil, errForm
	}
	s.mu.Lock()
	g, i, err := s.find(x)
	next := command{}
	if err == nil {
		for k, v := range s.commands[g][i] {
			next[k] = v
		}
	}
	s.mu.Unlock()
	if err != nil {
		return 0, nil, err
	}
	for k, v := range change {
		next[k] = v
	}
	if err := s.refuse(x, next.check()); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, i, err = s.find(x); err != nil {
		return 0, nil, err
	}
	list := slices.Clone(s.commands[g])
	list[i] = s.finish(next, x.val("command"), g)
	s.commands[g] = list
	s.wrote()
	return 200, list[i], nil
}

// putCommands replaces all commands of a scope; one of the same name and type keeps its id.
func (s *Server) putCommands(x *exchange) (int, any, error) {
	var list []command
	if json.Unmarshal(x.body, &list) != nil {
		return 0, nil, errForm
	}
	var wrong faultList
	perKind := map[int]int{}
	for _, c := range list {
		wrong = append(wrong, c.check()...)
		perKind[c.kind()]++
	}
	for kind, most := range map[int]int{1: 100, 2: 15, 3: 15} {
		if perKind[kind] > most {
			wrong.add("%d commands of type %d, at most %d", perKind[kind], kind, most)
		}
	}
	if err := s.refuse(x, wrong); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.scope(x)
	if err != nil {
		return 0, nil, err
	}
	out := []command{}
	for _, c := range list {
		id := s.newID()
		for _, old := range s.commands[g] {
			if old.name() == c.name() && old.kind() == c.kind() {
				id = old["id"].(string)
			}
		}
		out = append(out, s.finish(c, id, g))
	}
	s.commands[g] = out
	s.wrote()
	return 200, out, nil
}

// commandName is what Discord lets a chat command or an option be called: letters of
// any script, digits, - _ ', and no capital where the script has small letters.
var commandName = regexp.MustCompile(`^[-_'\p{Ll}\p{Lm}\p{Lo}\p{N}\x{900}-\x{97F}\x{E00}-\x{E7F}]{1,32}$`)

func (c command) check() []string {
	var f faultList
	name := c.name()
	if c.kind() == 1 {
		f.named(object(c), "command "+name)
		total := 0
		options, _ := c["options"].([]any)
		f.options(options, "command "+name, &total)
		total += utf8.RuneCountInString(name) + textLength(c["description"])
		if total > 8000 {
			f.add("command %s has %d runes of names, descriptions and values, at most 8000", name, total)
		}
		return f
	}
	if n := utf8.RuneCountInString(name); n < 1 || n > 32 {
		f.add("command %q has a name of %d runes, 1 to 32", name, n)
	}
	if textLength(c["description"]) > 0 {
		f.add("command %q of a context menu has a description", name)
	}
	return f
}

func textLength(v any) int {
	s, _ := v.(string)
	return utf8.RuneCountInString(s)
}

// named checks name and description, translations included.
func (f *faultList) named(o object, what string) {
	names, _ := o["name_localizations"].(object)
	texts, _ := o["description_localizations"].(object)
	check := func(locale string, name, text any, nameToo, textToo bool) {
		if s, _ := name.(string); nameToo && !commandName.MatchString(s) {
			f.add("%s%s: the name %q is not allowed", what, locale, s)
		}
		if n := textLength(text); textToo && (n < 1 || n > 100) {
			f.add("%s%s: the description has %d runes, 1 to 100", what, locale, n)
		}
	}
	check("", o["name"], o["description"], true, true)
	for l, v := range names {
		check(" in "+l, v, nil, true, false)
	}
	for l, v := range texts {
		check(" in "+l, nil, v, false, true)
	}
}

func (f *faultList) options(list []any, what string, total *int) {
	if len(list) > maxOptions {
		f.add("%s has %d options, at most %d", what, len(list), maxOptions)
	}
	optional := false
	seen := map[string]bool{}
	for _, v := range list {
		o, _ := v.(object)
		name, _ := o["name"].(string)
		where := what + " option " + name
		f.named(o, where)
		*total += textLength(o["name"]) + textLength(o["description"])
		if seen[name] {
			f.add("%s is there twice", where)
		}
		seen[name] = true
		required, _ := o["required"].(bool)
		if required && optional {
			f.add("%s is required and stands after an optional one", where)
		}
		optional = optional || !required
		choices, _ := o["choices"].([]any)
		var rows []Choice
		for _, v := range choices {
			c, _ := v.(object)
			rows = append(rows, Choice{Name: fmt.Sprint(c["name"]), Value: c["value"]})
			*total += textLength(c["name"]) + textLength(c["value"])
		}
		f.choices(where+" choices", rows)
		if auto, _ := o["autocomplete"].(bool); auto && len(rows) > 0 {
			f.add("%s has both choices and autocomplete", where)
		}
		sub, _ := o["options"].([]any)
		f.options(sub, where, total)
	}
}
