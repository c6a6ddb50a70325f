package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// command is a command as Discord is told of it. It is our own type so that
// what Discord says back can be compared with it field by field.
type command struct {
	ID            string            `json:"id,omitempty"`
	Type          int               `json:"type"`
	Name          string            `json:"name"`
	Names         map[string]string `json:"name_localizations,omitempty"`
	Description   string            `json:"description"`
	Descriptions  map[string]string `json:"description_localizations,omitempty"`
	Options       []commandOption   `json:"options,omitempty"`
	Permissions   *bitSet           `json:"default_member_permissions"`
	Contexts      []int             `json:"contexts,omitempty"`
	Installations []int             `json:"integration_types,omitempty"`
}

// bitSet is a set of permissions. Discord's document wants a number, and
// Discord answers with a string of digits.
type bitSet uint64

// UnmarshalJSON reads both.
func (b *bitSet) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(raw), `"`), 10, 64)
	*b = bitSet(n)
	return err
}

type commandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	Min          *int              `json:"min_value,omitempty"`
	Max          *int              `json:"max_value,omitempty"`
	MaxLength    int               `json:"max_length,omitempty"`
	ChannelTypes []int             `json:"channel_types,omitempty"`
	Choices      []commandChoice   `json:"choices,omitempty"`
	Options      []commandOption   `json:"options,omitempty"`
}

type commandChoice struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations,omitempty"`
	Value string            `json:"value"`
}

const (
	commandChat    = int(discordgo.ChatApplicationCommand)
	commandMessage = int(discordgo.MessageApplicationCommand)

	optionSub     = int(discordgo.ApplicationCommandOptionSubCommand)
	optionGroup   = int(discordgo.ApplicationCommandOptionSubCommandGroup)
	optionString  = int(discordgo.ApplicationCommandOptionString)
	optionInteger = int(discordgo.ApplicationCommandOptionInteger)
	optionBool    = int(discordgo.ApplicationCommandOptionBoolean)
	optionChannel = int(discordgo.ApplicationCommandOptionChannel)
	optionRole    = int(discordgo.ApplicationCommandOptionRole)
	optionFile    = int(discordgo.ApplicationCommandOptionAttachment)
)

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
