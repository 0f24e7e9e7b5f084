// Input is checked before a handler sees it: a record that implements IChecked names each fault and its field.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Kernel.Web;

/// <param name="Field">The input field, as the caller spells it.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record Fault(string Field, Text What);

/// <summary>Input that can tell what is wrong with it.</summary>
public interface IChecked
{
    IEnumerable<Fault> Check();
}

public static class CheckedEndpoints
{
    public static readonly Problem InvalidInput = new(
        "KRN-001", 400, new("输入有误：{0}", "The input is not valid: {0}"), new("请按提示修改后重试。", "Correct it as told and try again."));

    /// <summary>Refuses a request whose checked arguments have faults. Applied to every route group of a module.</summary>
    public static RouteGroupBuilder WithChecks(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (context, next) =>
        {
            var faults = context.Arguments.OfType<IChecked>().SelectMany(c => c.Check()).ToList();
            return faults.Count == 0
                ? await next(context)
                : InvalidInput.With(string.Join("; ", faults.Select(f => $"{f.Field} {f.What}"))).ToHttp(faults);
        });
        return group;
    }
}
