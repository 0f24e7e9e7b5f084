// In: the house's assemblies. Out: which method of the house calls which, read from the compiled code: lambdas and state machines count as the method they were written in,
// a call of an interface as one of all who implement it, a drawn component as all its methods. It sees more calls than can happen, never fewer, save by reflection.
using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Lizhou.Host.Exits;

/// <summary>A method as it is written; overloads are one.</summary>
internal readonly record struct Member(Type Owner, string Name)
{
    public override string ToString() => $"{Owner.FullName}.{Name}";
}

internal sealed partial class CallGraph
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    private readonly HashSet<Assembly> houses;
    private readonly Dictionary<Member, HashSet<Member>> calls = [];

    private CallGraph(IEnumerable<Assembly> houses) => this.houses = [.. houses];

    public IEnumerable<(Member Caller, Member Called)> Calls => calls.SelectMany(c => c.Value.Select(called => (c.Key, called)));

    public static CallGraph Of(IEnumerable<Assembly> houses)
    {
        var graph = new CallGraph(houses);
        foreach (var type in graph.houses.SelectMany(a => a.GetTypes()))
        {
            foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            {
                graph.Read(method);
            }

            graph.Dispatch(type);
        }

        return graph;
    }

    /// <summary>The method's place in the graph.</summary>
    public static Member Of(MethodBase method)
    {
        var (owner, name) = (method.DeclaringType!, method.Name);
        while (owner.IsNested && owner.Name.Contains('<', StringComparison.Ordinal))
        {
            name = Written().IsMatch(name) ? name : owner.Name;
            owner = owner.DeclaringType!;
        }

        var written = Written().Match(name);
        return new(Definition(owner), written.Success ? written.Groups[1].Value : Plain(name));
    }

    public static IEnumerable<Member> All(Type type) => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).Select(Of).Distinct();

    /// <summary>All that may come to run when these run.</summary>
    /// <param name="border">A contract that leads into another process; what is behind it is that one's. Null for none.</param>
    public IReadOnlySet<Member> From(IEnumerable<Member> starts, Type? border = null)
    {
        var seen = new HashSet<Member>();
        var waiting = new Queue<Member>(starts);
        while (waiting.TryDequeue(out var member))
        {
            if (seen.Add(member) && member.Owner != border && calls.TryGetValue(member, out var called))
            {
                foreach (var next in called)
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return seen;
    }

    private void Read(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            return;
        }

        var from = Of(method);
        Type[] ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length;)
        {
            var op = Codes[code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at]];
            at += op.Size;
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                Add(from, method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod));
            }

            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private void Add(Member from, MemberInfo? used)
    {
        switch (used)
        {
            case MethodBase method:
                Link(from, Of(method));
                foreach (var drawn in (method.IsGenericMethod ? method.GetGenericArguments() : []).Where(t => typeof(IComponent).IsAssignableFrom(t) && !t.IsGenericParameter))
                {
                    Whole(from, drawn);
                }

                break;
            case FieldInfo { IsStatic: true, DeclaringType: { } owner }:
                Link(from, new(Definition(owner), ".cctor"));
                break;
        }
    }

    private void Whole(Member from, Type component)
    {
        foreach (var member in All(component))
        {
            Link(from, member);
        }
    }

    private void Link(Member from, Member to)
    {
        if (!houses.Contains(to.Owner.Assembly) || from == to)
        {
            return;
        }

        if (!calls.TryGetValue(from, out var known))
        {
            calls[from] = known = [];
        }

        known.Add(to);
    }

    /// <summary>From what is called by its general name to those who may answer.</summary>
    private void Dispatch(Type type)
    {
        foreach (var general in type.IsInterface ? [] : type.GetInterfaces().Where(i => houses.Contains(i.Assembly)))
        {
            var methods = type.GetMethods(Declared & ~BindingFlags.DeclaredOnly);
            foreach (var asked in general.GetMethods())
            {
                foreach (var answers in methods.Where(m => Plain(m.Name) == asked.Name))
                {
                    Link(new(Definition(general), asked.Name), Of(answers));
                }
            }
        }

        foreach (var method in type.GetMethods(Declared).Where(m => m.IsVirtual && m.GetBaseDefinition().DeclaringType != type))
        {
            Link(new(Definition(method.GetBaseDefinition().DeclaringType!), method.Name), Of(method));
        }
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>Without the interface's name before an explicit implementation.</summary>
    private static string Plain(string name) => name[0] == '.' ? name : name[(name.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"<([^<>]+)>", RegexOptions.None, 1000)]
    private static partial Regex Written();
}
