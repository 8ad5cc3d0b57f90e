package history

import (
	"io"
	"strconv"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
)

// Member is one of a desk's people, as its directory has them. Teams and channels
// are names; without channels of his own he serves all of them.
type Member struct {
	ID, Name, Department, Email, Role, Status string

	Teams    []string
	Channels []string
	Capacity *int64
	Disabled bool
}

var memberColumns = []namedColumn{
	{event.Text{EN: "Agent", ZH: "员工"}, textCell, 16},
	{event.Text{EN: "Agent name", ZH: "员工名称"}, textCell, 24},
	{event.Text{EN: "Department", ZH: "部门"}, textCell, 20},
	{event.Text{EN: "Role", ZH: "角色"}, textCell, 14},
	{event.Text{EN: "Teams", ZH: "接待组"}, textCell, 24},
	{event.Text{EN: "Channels", ZH: "客服账号"}, textCell, 24},
	{event.Text{EN: "Limit", ZH: "接待上限"}, numberCell, 12},
	{event.Text{EN: "Status", ZH: "接待状态"}, textCell, 12},
	{event.Text{EN: "Email", ZH: "邮箱"}, textCell, 28},
	{event.Text{EN: "Disabled", ZH: "已停用"}, textCell, 12},
}

// ExportMembers writes a desk's people to a file, in their order. It asks no
// database. Errors: a language or format that is none, and the writer's.
func ExportMembers(w io.Writer, members []Member, values map[string][]string, e Export) error {
	if _, err := e.takeLanguage(values); err != nil {
		return err
	}
	t, err := e.table(w)
	if err != nil {
		return err
	}
	if err := t.begin(e.columns(memberColumns)); err != nil {
		return err
	}
	for i := range members {
		if err := t.row(members[i].cells()); err != nil {
			return err
		}
	}
	return t.end()
}

// cells are the member's values, in the order of memberColumns.
func (m *Member) cells() []field {
	var capacity field
	if m.Capacity != nil {
		capacity = numberField(strconv.FormatInt(*m.Capacity, 10))
	}
	return []field{
		textField(m.ID), textField(m.Name), textField(m.Department), textField(m.Role),
		textField(strings.Join(m.Teams, "; ")), textField(strings.Join(m.Channels, "; ")), capacity,
		textField(m.Status), textField(m.Email),
		{kind: textCell, text: strconv.FormatBool(m.Disabled)},
	}
}
