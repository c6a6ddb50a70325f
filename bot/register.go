package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
)

// register tells Discord of the commands, writing only what differs from
// what it knows. It returns how many it wrote.
func (b *bot) register(ctx context.Context, application string) (int, error) {
	path, route := commandsPath(application, b.options.DevServer)
	known, err := b.api.commands(ctx, path, route)
	if errors.Is(err, errGarbled) || lacks(err) {
		b.log.Info("the server does not list its commands, so all are written", "error", err)
		err = nil
	}
	if err != nil {
		return 0, err
	}
	written := 0
	var failed []error
	for _, r := range b.commands() {
		old, found := known[key(r.command)]
		delete(known, key(r.command))
		if found && same(old, r.command) {
			continue
		}
		// POST replaces a command of the same name.
		if err := b.api.do(ctx, call{method: http.MethodPost, path: path, route: route, again: true, body: r.command}, nil); err != nil {
			failed = append(failed, fmt.Errorf("register /%s: %w", r.Name, err))
			if s := status(err); s == http.StatusUnauthorized || s == http.StatusForbidden || s == http.StatusNotFound || ctx.Err() != nil {
				break // it will be the same with the others
			}
			continue
		}
		written++
	}
	if len(failed) > 0 {
		return written, errors.Join(failed...)
	}
	for _, c := range known {
		if c.ID == "" {
			continue
		}
		err := b.api.do(ctx, call{method: http.MethodDelete, path: path + "/" + url.PathEscape(c.ID), route: route + "/*", again: true}, nil)
		if err != nil && status(err) != http.StatusNotFound {
			return written, fmt.Errorf("take back /%s: %w", c.Name, err)
		}
		written++
	}
	return written, nil
}

func commandsPath(application, server string) (path, route string) {
	path, route = "/applications/"+url.PathEscape(application), "/applications/*"
	if server != "" {
		path, route = path+"/guilds/"+url.PathEscape(server), route+"/guilds/*"
	}
	return path + "/commands", route + "/commands"
}

// commands returns what Discord knows, by key.
func (a *api) commands(ctx context.Context, path, route string) (map[string]command, error) {
	var list []command
	err := a.do(ctx, call{method: http.MethodGet, path: path + "?with_localizations=true", route: route, again: true}, &list)
	if err != nil {
		return nil, err
	}
	known := make(map[string]command, len(list))
	for _, c := range list {
		known[key(c)] = c
	}
	return known, nil
}

func key(c command) string { return fmt.Sprint(c.Type, " ", c.Name) }

// same reports whether Discord knows a command as it is here. Both go
// through JSON, so that nil and empty do not differ.
func same(old, now command) bool {
	old.ID = ""
	var a, b any
	return roundTrip(old, &a) && roundTrip(now, &b) && reflect.DeepEqual(a, b)
}

func roundTrip(c command, into *any) bool {
	raw, err := json.Marshal(c)
	return err == nil && json.Unmarshal(raw, into) == nil
}
