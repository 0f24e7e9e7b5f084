// In: the roles someone is to have. Out: null, or why not. Asked on every way in: set-up, new and changed accounts, the sample, and each request of a session.
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal static class RoleRules
{
    public static Problem? Fault(IReadOnlyCollection<string> roles, Guid? unit)
    {
        if (roles.FirstOrDefault(r => !Roles.All.Contains(r)) is { } unknown)
        {
            return Problems.UnknownRole.With(unknown);
        }

        // 三员分立: an administrator is one of the three and nothing else.
        if (roles.Any(Roles.Administrators.Contains) && roles.Distinct(StringComparer.Ordinal).Count() > 1)
        {
            return Problems.RolesExclude with
            {
                What = new(
                    string.Format(null, Problems.RolesExclude.What.Zh, string.Join("、", roles.Distinct(StringComparer.Ordinal).Select(r => Shown(r).Zh))),
                    string.Format(null, Problems.RolesExclude.What.En, string.Join(", ", roles.Distinct(StringComparer.Ordinal).Select(r => Shown(r).En)))),
            };
        }

        return (roles.Contains(Roles.Steward) || roles.Contains(Roles.UnitAdministrator)) && unit is null ? Problems.UnitMissing : null;
    }

    /// <summary>As an account keeps them: each once, in one order.</summary>
    public static string Joined(IEnumerable<string> roles) => string.Join(',', roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    public static Text Shown(string role) => role switch
    {
        Roles.Steward => new("数据专员", "Data steward"),
        Roles.Engineer => new("数据工程师", "Data engineer"),
        Roles.UnitAdministrator => new("单位管理员", "Unit administrator"),
        Roles.SystemAdministrator => new("系统管理员", "System administrator"),
        Roles.SecurityAdministrator => new("安全管理员", "Security administrator"),
        Roles.AuditAdministrator => new("审计管理员", "Audit administrator"),
        _ => new(role, role),
    };
}
